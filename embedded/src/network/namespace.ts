/**
 * The cluster's network namespace: a bridge that holds the node's address, and no way out. Owns the few kernel
 * settings the cluster needs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { runCommand } from '../base/run-command.ts';
import { NODE_ADDRESS, SERVICE_RANGE } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';

const INOTIFY_INSTANCES_MIN = 1024;
const INOTIFY_WATCHES_MIN = 262_144;

/** Arguments that run a command inside. `ip netns exec` would remount /sys and lose the cgroup tree. */
export function insideNamespace(paths: ClusterPaths, command: string, args: readonly string[]): [string, string[]] {
  return ['nsenter', [`--net=${paths.networkNamespaceFile}`, command, ...args]];
}

export async function makeNamespace(paths: ClusterPaths, signal: AbortSignal): Promise<void> {
  await runCommand('ip', ['netns', 'add', paths.networkNamespace], { signal });
  const inside = async (...argv: [string, ...string[]]) => {
    const [command, ...args] = argv;
    await runCommand(...insideNamespace(paths, command, args), { signal });
  };
  await inside('ip', 'link', 'set', 'lo', 'up');
  await inside('ip', 'link', 'add', 'node0', 'type', 'bridge');
  await inside('ip', 'address', 'add', `${NODE_ADDRESS}/24`, 'dev', 'node0');
  await inside('ip', 'link', 'set', 'node0', 'up');
  // Without this route the node itself cannot reach a cluster address: there is no default route to take it to the rules.
  await inside('ip', 'route', 'add', SERVICE_RANGE, 'dev', 'node0', 'src', NODE_ADDRESS);
  await loadBridgeFilter(signal);
  await inside('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', 'net.bridge.bridge-nf-call-iptables=1');
}

/** Settings of the whole machine, raised only when they are too low. */
export async function prepareHost(signal: AbortSignal): Promise<void> {
  raise('/proc/sys/fs/inotify/max_user_instances', INOTIFY_INSTANCES_MIN);
  raise('/proc/sys/fs/inotify/max_user_watches', INOTIFY_WATCHES_MIN);
  // The kubelet's volume mounts must be seen by containerd and the reverse: `/` has to be shared.
  const root = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[4] === '/');
  if (root !== undefined && !root.includes(' shared:')) {
    await runCommand('mount', ['--make-rshared', '/'], { signal });
  }
}

function raise(file: string, least: number): void {
  if (Number(readFileSync(file, 'utf8')) < least) writeFileSync(file, String(least));
}

/** Lets rules of the service proxy see traffic between pods. The module may be built in, or loaded already. */
async function loadBridgeFilter(signal: AbortSignal): Promise<void> {
  if (existsSync('/proc/sys/net/bridge')) return;
  await runCommand('modprobe', ['br_netfilter'], { signal });
}
