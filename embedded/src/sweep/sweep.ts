/**
 * Removes what a run of a cluster left on the machine: processes, mounts, cgroups, network namespaces, sockets. Run at
 * start and stop; safe to repeat. The state folder of a durable cluster stays.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { lstat, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readJson } from '../base/files.ts';
import { parseStat, type ProcessIdentity, signalProcess } from '../base/process-identity.ts';
import { runCommand } from '../base/run-command.ts';
import { waitUntil } from '../base/wait.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { releaseRoutes } from '../network/routes.ts';
import { membersOf, removeCgroup } from '../node/cgroups.ts';
import { podNamespacesIn, type ProcessFact, selectNetworkResults, selectProcesses, type SweepScope } from './plan.ts';
import { unmountAll } from './unmount.ts';

const NETWORK_RESULTS = '/var/lib/cni/results';
const POD_LOG_LINKS = '/var/log/containers';
const END_TIMEOUT_MS = 15_000;

/**
 * @throws WaitTimeout when a process, mount or cgroup of ours does not go
 */
export async function sweep(paths: ClusterPaths): Promise<void> {
  await endProcesses(paths);
  await unmountAll(paths);
  await waitUntil({
    what: `cgroup ${paths.cgroup}`,
    timeoutMs: END_TIMEOUT_MS,
    intervalMs: 50,
    check: () => removeCgroup(paths.cgroup).length === 0,
  });
  await removePodNetworks(paths);
  await removeShimSockets(paths);
  await removePodLogLinks(paths);
  if (existsSync(paths.networkNamespaceFile)) await runCommand('ip', ['netns', 'delete', paths.networkNamespace]);
  await releaseRoutes();
  await rm(paths.runDir, { recursive: true, force: true });
}

async function endProcesses(paths: ClusterPaths): Promise<void> {
  const recorded = (readJson(paths.processesFile) as ProcessIdentity[] | null) ?? [];
  await waitUntil({
    what: `processes of cluster ${paths.name}`,
    timeoutMs: END_TIMEOUT_MS,
    intervalMs: 50,
    // Again and again: a shim may start another process between the look and the signal.
    check: () => {
      const scope: SweepScope = {
        paths,
        recorded,
        members: membersOf(paths.cgroup),
        network: networkIdentity(paths),
        self: process.pid,
      };
      const left = selectProcesses(readProcesses(), scope);
      for (const identity of left) signalProcess(identity, 'SIGKILL');
      return left.length === 0;
    },
  });
}

async function removePodNetworks(paths: ClusterPaths): Promise<void> {
  if (!existsSync(NETWORK_RESULTS)) return;
  for (const name of selectNetworkResults(await readdir(NETWORK_RESULTS), paths)) {
    const file = join(NETWORK_RESULTS, name);
    for (const namespace of podNamespacesIn(await readFile(file, 'utf8'))) {
      if (existsSync(`/run/netns/${namespace}`)) await runCommand('ip', ['netns', 'delete', namespace]);
    }
    await rm(file, { force: true });
  }
}

/** Shims listen in a folder that all runtimes of a machine share; each bundle of ours names its own socket. */
async function removeShimSockets(paths: ClusterPaths): Promise<void> {
  const bundles = join(paths.containerdState, 'io.containerd.runtime.v2.task', 'k8s.io');
  if (!existsSync(bundles)) return;
  for (const bundle of await readdir(bundles)) {
    const file = join(bundles, bundle, 'address');
    if (!existsSync(file)) continue;
    const socket = (await readFile(file, 'utf8')).trim().replace(/^unix:\/\//, '');
    if (socket.startsWith('/run/containerd/s/')) await rm(socket, { force: true });
  }
}

/** The kubelet links each container's log in one folder of the machine, whatever its own folders are. */
async function removePodLogLinks(paths: ClusterPaths): Promise<void> {
  if (!existsSync(POD_LOG_LINKS)) return;
  for (const name of await readdir(POD_LOG_LINKS)) {
    const link = join(POD_LOG_LINKS, name);
    const isOurs = (await lstat(link)).isSymbolicLink() && (await readlink(link)).startsWith(`${paths.podLogsDir}/`);
    if (isOurs) await rm(link, { force: true });
  }
}

function networkIdentity(paths: ClusterPaths): string | null {
  return existsSync(paths.networkNamespaceFile) ? `net:[${statSync(paths.networkNamespaceFile).ino}]` : null;
}

function readProcesses(): ProcessFact[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'));
        if (stat === null || stat.state === 'Z' || stat.state === 'X') return [];
        return [
          {
            pid: Number(name),
            startTicks: stat.startTicks,
            commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
            network: readlinkSync(`/proc/${name}/ns/net`),
          },
        ];
      } catch {
        return []; // ended while we looked
      }
    });
}
