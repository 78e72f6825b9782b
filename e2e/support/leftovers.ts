/** Looks for what a stopped installation must not leave: processes, mounts, cgroups, network namespaces. */
import { readdir, readFile } from 'node:fs/promises';

/** @param state  the installation's state folder: its path is in the arguments of all its processes and mounts */
export async function findLeftovers(state: string): Promise<string[]> {
  return [...(await findProcesses(state)), ...(await findMounts(state)), ...(await findNamespaces())];
}

async function findProcesses(state: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    // A process that ends between the listing and the read is no leftover.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(state)) found.push(`process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 200)}`);
  }
  return found;
}

async function findMounts(state: string): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  return mounts.filter((line) => line.includes(state) || line.includes('/run/urumi-')).map((line) => `mount ${line}`);
}

async function findNamespaces(): Promise<string[]> {
  const names = await readdir('/run/netns').catch(() => []);
  const cgroups = await readdir('/sys/fs/cgroup/pids').catch(() => []);
  return [...names.filter((name) => name.includes('urumi')), ...cgroups.filter((name) => name.includes('urumi'))].map(
    (name) => `namespace or cgroup ${name}`,
  );
}
