/** Takes away what the kubelet and the runtime of a cluster mounted. */
import { runCommand } from '../base/run-command.ts';
import { waitUntil } from '../base/wait.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { readMounts } from './mounts.ts';
import { selectMounts } from './plan.ts';

const UNMOUNT_TIMEOUT_MS = 15_000;

/**
 * Deepest first, and lazily, because a mount may still be in use by a namespace that is just going. Safe to repeat.
 *
 * @throws WaitTimeout when a mount does not go
 */
export async function unmountAll(paths: ClusterPaths): Promise<void> {
  await waitUntil({
    what: `mounts of cluster ${paths.name}`,
    timeoutMs: UNMOUNT_TIMEOUT_MS,
    intervalMs: 50,
    check: async () => {
      const left = selectMounts(readMounts(), paths);
      for (const path of left) await runCommand('umount', ['--lazy', path]);
      return left.length === 0;
    },
  });
}
