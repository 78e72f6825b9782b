/** What a cluster has on this machine right now, looked up independently of the sweep. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { readIdentity } from '../../src/base/process-identity.ts';

export function findTraces(name: string): string[] {
  const own = new RegExp(`urumi-${name}(?![a-z0-9-])`);
  const traces: string[] = [];
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)) {
    if (readIdentity(Number(pid)) === null) continue; // dead, and not yet collected by its parent
    const text = ['cmdline', 'cgroup'].map((file) => readOrEmpty(`/proc/${pid}/${file}`)).join(' ');
    if (own.test(text)) traces.push(`process ${pid}: ${text.replaceAll('\0', ' ').slice(0, 100)}`);
  }
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    if (own.test(line)) traces.push(`mount ${line.split(' ')[4]}`);
  }
  for (const root of readdirSync('/sys/fs/cgroup')) {
    if (existsSync(`/sys/fs/cgroup/${root}/urumi-${name}`)) traces.push(`cgroup ${root}`);
  }
  if (existsSync(`/run/netns/urumi-${name}`)) traces.push('network namespace');
  for (const dir of [`/run/urumi-${name}`, `/dev/shm/urumi-${name}`]) if (existsSync(dir)) traces.push(dir);
  return traces;
}

/** Names of all pod network namespaces on the machine. */
export function podNetworks(): string[] {
  return existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name.startsWith('cni-')) : [];
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended while we looked
  }
}
