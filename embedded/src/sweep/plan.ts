/**
 * Decides what of a machine belongs to one cluster and has to go. Pure: facts in, lists out. Whatever does not carry
 * this cluster's own name is not ours, however similar.
 */
import type { ProcessIdentity } from '../base/process-identity.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { Mount } from './mounts.ts';

export interface ProcessFact extends ProcessIdentity {
  /** Arguments joined by blanks. */
  commandLine: string;
  /** The network namespace's identity, as `net:[…]`. */
  network: string;
}

export interface SweepScope {
  paths: ClusterPaths;
  /** What earlier runs wrote down. */
  recorded: readonly ProcessIdentity[];
  /** Members of the cluster's cgroups. */
  members: ReadonlySet<number>;
  /** The network namespace, when it still exists. */
  network: string | null;
  /** Never ended: the process that sweeps. */
  self: number;
}

/** Processes of the cluster: recorded ones that are still the same, containers, their shims, all in its network. */
export function selectProcesses(processes: readonly ProcessFact[], scope: SweepScope): ProcessIdentity[] {
  const recorded = new Map(scope.recorded.map((identity) => [identity.pid, identity.startTicks]));
  return processes
    .filter(
      (fact) =>
        fact.pid !== scope.self &&
        (recorded.get(fact.pid) === fact.startTicks ||
          scope.members.has(fact.pid) ||
          (scope.network !== null && fact.network === scope.network) ||
          isShim(fact, scope.paths)),
    )
    .map(({ pid, startTicks }) => ({ pid, startTicks }));
}

/** A shim outlives its containerd and sits in no cgroup of ours; its arguments name our socket. */
function isShim(fact: ProcessFact, paths: ClusterPaths): boolean {
  return ` ${fact.commandLine} `.includes(` -address ${paths.containerdSocket} `);
}

/** Mounts below the folders where the kubelet and the runtime mount, deepest first. */
export function selectMounts(mounts: readonly Mount[], paths: ClusterPaths): string[] {
  const roots = [paths.kubeletRoot, paths.containerdRoot, paths.runDir];
  return mounts
    .map((mount) => mount.path)
    .filter((path) => roots.some((root) => path.startsWith(`${root}/`)))
    .sort((a, b) => b.length - a.length);
}

/** The network plugin keeps one result per pod, named by network, container and interface. */
export function selectNetworkResults(names: readonly string[], paths: ClusterPaths): string[] {
  const own = new RegExp(`^${paths.networkName}-[0-9a-f]{64}-`);
  return names.filter((name) => own.test(name));
}

/** Names of the pods' network namespaces in one such result. */
export function podNamespacesIn(result: string): string[] {
  return [...new Set([...result.matchAll(/\/netns\/(cni-[0-9a-f-]+)"/g)].map((match) => match[1] ?? ''))].filter(
    Boolean,
  );
}
