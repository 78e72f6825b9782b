/** Stops a cluster and clears what its run left on the machine, whether its supervisor still lives or not. */
import { withLock } from '../base/lock.ts';
import { signalProcess, waitForEnd } from '../base/process-identity.ts';
import { converse } from '../supervise/control.ts';
import { sweep } from '../sweep/sweep.ts';
import { findCluster } from './find.ts';
import { type ClusterRequest } from './options.ts';
import { removeStateFolder } from './state-folder.ts';

const STOP_TIMEOUT_MS = 60_000;

/**
 * Safe to repeat. The state of a durable cluster stays, that of one in memory goes.
 *
 * @returns whether a cluster was running
 */
export async function down(request: ClusterRequest, io: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
  const { options, paths, supervisor } = findCluster(request);
  if (supervisor !== null) {
    // Answered or not: what counts is that the process ends.
    await converse({
      socket: paths.controlSocket,
      request: { op: 'stop' },
      onState: () => false,
      signal: AbortSignal.any([AbortSignal.timeout(STOP_TIMEOUT_MS), ...(io.signal === undefined ? [] : [io.signal])]),
    }).catch(() => signalProcess(supervisor, 'SIGTERM'));
    if (!(await waitForEnd(supervisor, STOP_TIMEOUT_MS, io.signal))) {
      signalProcess(supervisor, 'SIGKILL');
      await waitForEnd(supervisor, 5_000, io.signal);
    }
  }
  await withLock(paths.lockFile, io.signal, async () => {
    await sweep(paths);
    if (options.storage === 'memory') await removeStateFolder(paths);
  });
  return supervisor !== null;
}
