/** Ends a pod as a machine that loses power would: its processes get no word of it. */
import type { TestPlatform } from './platform.ts';
import { killIfThere, listPids, readOfProcess } from './processes.ts';

/**
 * @param pod  `pod/<name>`
 * @returns once the pod is gone, for until then it could serve one more page: number of processes that were killed
 */
export async function killPod(t: Pick<TestPlatform, 'kubectl'>, namespace: string, pod: string): Promise<number> {
  const uid = await t.kubectl('get', pod, '-n', namespace, '-o', 'jsonpath={.metadata.uid}');
  const pids = await listPodPids(uid);
  for (const pid of pids) killIfThere(pid);
  await t.kubectl('delete', pod, '-n', namespace, '--grace-period=1', '--wait=true', '--timeout=60s');
  return pids.length;
}

/** The cluster's node is this machine: its pods' processes tell by their control group whose they are. */
export async function listPodPids(uid: string): Promise<number[]> {
  const pids = await listPids();
  const groups = pids.map((pid) => readOfProcess(pid, 'cgroup'));
  return pids.filter((_, index) => groups[index]?.includes(`pod${uid}`));
}
