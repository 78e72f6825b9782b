/**
 * Which pod has which address, as the network plugin wrote it down before the pod's first container starts. The API
 * shows the address some tenths of a second later, when the pod may already have talked to anybody.
 */
import { watch } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where libcni keeps the results of all networks of the machine. */
const RESULTS_DIR = '/var/lib/cni/results';

/** A pod's network: one address, and the pod it was made for. */
export interface Sandbox {
  uid: string;
  address: string;
}

/**
 * Follows until `signal` aborts.
 *
 * @param onChange  called at the start and after every change with all networks of this cluster
 */
export async function followSandboxes(input: {
  networkName: string;
  onChange: (sandboxes: readonly Sandbox[]) => void;
  onTrouble: (message: string) => void;
  signal: AbortSignal;
  dir?: string;
}): Promise<void> {
  const { networkName, signal, dir = RESULTS_DIR } = input;
  const isOwn = (name: string) => new RegExp(`^${networkName}-[0-9a-f]{64}-`).test(name);
  const known = new Map<string, Sandbox>();
  await mkdir(dir, { recursive: true, mode: 0o700 });

  const look = async (name: string) => {
    const sandbox = await readSandbox(join(dir, name));
    if (sandbox === 'gone') known.delete(name);
    // Half written: the rest of the writing is a change of its own.
    else if (sandbox !== 'unfinished') known.set(name, sandbox);
  };
  // One after another, so that a slow read never overwrites what a later one saw.
  let queue = Promise.resolve();
  const enqueue = (names: () => Promise<readonly string[]>) => {
    queue = queue
      .then(async () => {
        for (const name of await names()) await look(name);
        input.onChange([...known.values()]);
      })
      .catch((error: unknown) => input.onTrouble(`${dir}: ${String(error)}`));
  };
  const watcher = watch(dir, { signal }, (_, name) => {
    if (name !== null && isOwn(name)) enqueue(async () => [name]);
  });
  enqueue(async () => (await readdir(dir)).filter(isOwn));
  await new Promise<void>((resolve, reject) => {
    watcher.once('close', resolve);
    watcher.once('error', (error) => (signal.aborted ? resolve() : reject(error)));
  });
  await queue;
}

async function readSandbox(file: string): Promise<Sandbox | 'gone' | 'unfinished'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return 'gone';
  }
  return parseSandbox(text) ?? 'unfinished';
}

/** @returns null for a text that does not (yet) tell pod and address */
export function parseSandbox(text: string): Sandbox | null {
  let cached: { cniArgs?: [string, string][]; result?: { ips?: { address: string }[] } };
  try {
    cached = JSON.parse(text) as typeof cached;
  } catch {
    return null;
  }
  const uid = cached.cniArgs?.find(([key]) => key === 'K8S_POD_UID')?.[1];
  const address = cached.result?.ips?.[0]?.address.split('/')[0];
  return uid === undefined || address === undefined ? null : { uid, address };
}
