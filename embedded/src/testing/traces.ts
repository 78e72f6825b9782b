/**
 * What a cluster has on this machine right now, for tests of what it must not leave. Looked up independently of the
 * sweep, by the cluster's name.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readIdentity } from '../base/process-identity.ts';
import { readMounts } from '../sweep/mounts.ts';

const NETWORK_RESULTS = '/var/lib/cni/results';

/**
 * Processes (by arguments, cgroup and network), mounts, cgroups of every hierarchy, network namespaces, the pods' ones
 * included, and folders that vanish with a run.
 *
 * @param stateDir  of a durable cluster: what runs from it or is mounted below it counts too, whatever its name
 * @returns one line for each; empty when there is nothing
 */
export function findTraces(name: string, stateDir?: string): string[] {
  const names = new RegExp(`urumi-${name}(?![a-z0-9-])`);
  const isOwn = (text: string) => names.test(text) || (stateDir !== undefined && text.includes(`${stateDir}/`));
  return [
    ...findProcesses(name, isOwn),
    ...findMounts(isOwn),
    ...findCgroups(name),
    ...findNetworks(name),
    ...[`/run/urumi-${name}`, `/dev/shm/urumi-${name}`].filter((dir) => existsSync(dir)),
  ];
}

/** Names of all pod network namespaces on the machine, whichever cluster's. */
export function podNetworks(): string[] {
  return listOf('/run/netns').filter((entry) => entry.startsWith('cni-'));
}

function findProcesses(name: string, isOwn: (text: string) => boolean): string[] {
  const namespaceFile = `/run/netns/urumi-${name}`;
  const network = existsSync(namespaceFile) ? `net:[${statSync(namespaceFile).ino}]` : null;
  return listOf('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      if (readIdentity(Number(pid)) === null) return []; // dead, and not yet collected by its parent
      const command = readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      // The supervisor's order holds the bare name.
      const isSupervisor = command.includes('/supervise/supervisor.') && command.includes(`"name":"${name}"`);
      const isInside = network !== null && networkOf(pid) === network;
      const cgroup = readOrEmpty(`/proc/${pid}/cgroup`);
      return isSupervisor || isInside || isOwn(command) || isOwn(cgroup)
        ? [`process ${pid}: ${command.slice(0, 200)}`]
        : [];
    });
}

function findMounts(isOwn: (text: string) => boolean): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => isOwn(line))
    .map((line) => `mount ${line.split(' ')[4]}`);
}

/** Directly below the root of every hierarchy, of version 1 and 2. */
function findCgroups(name: string): string[] {
  const roots = readMounts().filter((mount) => mount.type === 'cgroup' || mount.type === 'cgroup2');
  return [...new Set(roots.map((mount) => mount.path))]
    .map((root) => join(root, `urumi-${name}`))
    .filter((dir) => existsSync(dir))
    .map((dir) => `cgroup ${dir}`);
}

/** The network plugin's results name the pods' namespaces of each network. */
function findNetworks(name: string): string[] {
  const ownResult = new RegExp(`^urumi-${name}-[0-9a-f]{64}-`);
  const results = listOf(NETWORK_RESULTS).filter((entry) => ownResult.test(entry));
  const pods = results.flatMap((entry) => [
    ...readOrEmpty(join(NETWORK_RESULTS, entry)).matchAll(/\/netns\/(cni-[0-9a-f-]+)"/g),
  ]);
  const namespaces = [`urumi-${name}`, ...new Set(pods.map((match) => match[1] ?? ''))];
  return [
    ...results.map((entry) => `pod network ${entry}`),
    ...namespaces.filter((one) => existsSync(join('/run/netns', one))).map((one) => `network namespace ${one}`),
  ];
}

function listOf(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return ''; // ended while we looked
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended while we looked
  }
}
