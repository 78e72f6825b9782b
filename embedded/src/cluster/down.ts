/** Stops a cluster and clears what its run left on the machine, whether its supervisor still lives or not. */
import { withLock } from '../base/lock.ts';
import { signalProcess, waitForEnd } from '../base/process-identity.ts';
import { converse } from '../supervise/control.ts';
import type { SupervisorRecord } from '../supervise/state.ts';
import { sweep } from '../sweep/sweep.ts';
import { findCluster } from './find.ts';
import { type ClusterRequest } from './options.ts';
import type { ClusterPaths } from './paths.ts';
import { removeStateFolder } from './state-folder.ts';

const STOP_TIMEOUT_MS = 60_000;

/**
 * Safe to repeat. The state of a durable cluster stays, that of one in memory goes. A cluster of the same name whose
 * state folder is not the requested one is left alone.
 *
 * @returns whether a cluster was running
 */
export async function down(request: ClusterRequest, io: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
  return withLock(findCluster(request).paths.lockFile, io.signal, () => stopAndClear(request, io.signal));
}

/** As `down`, for a caller that holds the cluster's lock. */
export async function stopAndClear(request: ClusterRequest, signal: AbortSignal | undefined): Promise<boolean> {
  // Looked up under the lock: a cluster that came up while we waited for it must be stopped, not swept alive.
  const { options, paths, supervisor, other } = findCluster(request);
  if (other !== null) return false;
  if (supervisor !== null) await stop(supervisor, paths, signal);
  await sweep(paths);
  if (options.storage === 'memory') await removeStateFolder(paths);
  return supervisor !== null;
}

async function stop(supervisor: SupervisorRecord, paths: ClusterPaths, signal: AbortSignal | undefined): Promise<void> {
  // Answered or not: what counts is that the process ends.
  await converse({
    socket: paths.controlSocket,
    request: { op: 'stop' },
    onState: () => false,
    signal: AbortSignal.any([AbortSignal.timeout(STOP_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
  }).catch(() => signalProcess(supervisor, 'SIGTERM'));
  if (await waitForEnd(supervisor, STOP_TIMEOUT_MS, signal)) return;
  signalProcess(supervisor, 'SIGKILL');
  await waitForEnd(supervisor, 5_000, signal);
}
