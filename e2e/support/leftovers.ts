/** Looks for what a stopped installation must not leave: its cluster's traces, and processes of its own. */
import { readlink } from 'node:fs/promises';
import { findTraces } from '@urumi/embedded/testing/traces';
import { toClusterName } from '@urumi/scripts/launcher/cluster-home';
import { buildPlaces } from '@urumi/scripts/launcher/places';
import { listPids, readOfProcess } from './processes.ts';

/** @param state  the installation's state folder */
export async function findLeftovers(state: string): Promise<string[]> {
  return [...findTraces(toClusterName(buildPlaces(state)), state), ...(await findServices(state))];
}

/** Services know the folder by their environment, Redis by its working directory. */
async function findServices(state: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await listPids()) {
    if (pid === process.pid) continue;
    // A process that ends between the listing and the read is no leftover.
    const environment = readOfProcess(pid, 'environ');
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (environment.includes(`${state}/`) || folder.startsWith(state)) found.push(`service ${pid} in ${folder}`);
  }
  return found;
}
