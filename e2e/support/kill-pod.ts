/** Ends a pod as a machine that loses power would: its processes get no word of it. */
import { readdir, readFile } from 'node:fs/promises';
import type { TestPlatform } from './platform.ts';

/**
 * @param pod  `pod/<name>`
 * @returns once the pod is gone, for until then it could serve one more page: number of processes that were killed
 */
export async function killPod(t: Pick<TestPlatform, 'kubectl'>, namespace: string, pod: string): Promise<number> {
  const uid = await t.kubectl('get', pod, '-n', namespace, '-o', 'jsonpath={.metadata.uid}');
  const pids = await listProcesses(uid);
  for (const pid of pids) killIfThere(pid);
  await t.kubectl('delete', pod, '-n', namespace, '--grace-period=1', '--wait=true', '--timeout=60s');
  return pids.length;
}

/** The cluster's node is this machine: its pods' processes tell by their control group whose they are. */
async function listProcesses(uid: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => groups[index]?.includes(`pod${uid}`)).map(Number);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
