/**
 * Stops a cluster in an order that loses nothing: first what would start things again, then the pods, then the rest,
 * the database last. The sweep that follows removes what is left.
 */
import { readFileSync } from 'node:fs';

import { readIdentity, signalProcess } from '../base/process-identity.ts';
import { messageOf, waitUntil } from '../base/wait.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { membersOf } from '../node/cgroups.ts';
import { PAUSE_PROGRAM } from '../node/pause-image.ts';
import type { Component } from './component.ts';

const STOP_TIMEOUT_MS = 3_000;
const PODS_TIMEOUT_MS = 8_000;

/** For durable clusters; a cluster in memory has nothing to lose and is swept at once. */
export async function shutDown(input: {
  components: ReadonlyMap<string, Component>;
  paths: ClusterPaths;
  log: (message: string) => void;
}): Promise<void> {
  const stop = async (name: string) => input.components.get(name)?.stop(STOP_TIMEOUT_MS);
  await stop('kubelet');
  await endPods(input.paths).catch((error: unknown) => input.log(`pods: ${messageOf(error)}; they are ended hard`));
  const last = ['kube-apiserver', 'etcd'];
  await Promise.all([...input.components.keys()].filter((name) => !last.includes(name)).map(stop));
  for (const name of last) await stop(name);
}

/** Asks every process of every pod to end and gives them some seconds: a database closes its files properly. */
async function endPods(paths: ClusterPaths): Promise<void> {
  const running = () => [...membersOf(paths.cgroup)].filter((pid) => !isPause(pid));
  for (const pid of running()) {
    const identity = readIdentity(pid);
    if (identity !== null) signalProcess(identity, 'SIGTERM');
  }
  await waitUntil({
    what: 'end of all pods',
    timeoutMs: PODS_TIMEOUT_MS,
    intervalMs: 50,
    check: () => running().length === 0,
  });
}

function isPause(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${PAUSE_PROGRAM}\0`);
  } catch {
    return true; // ended meanwhile: nothing to wait for
  }
}
