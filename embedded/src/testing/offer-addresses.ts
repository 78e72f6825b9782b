/**
 * Puts addresses into a cluster's network that it does not have by itself, with something that listens there: the
 * metadata service of a cloud, a server on the internet. A test of what pods must not reach proves nothing where nobody
 * would answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { runCommand } from '../base/run-command.ts';
import { buildPaths } from '../cluster/paths.ts';
import { insideNamespace } from '../network/namespace.ts';

const LINK = 'test0';

export interface Offer {
  address: string;
  port: number;
}

/**
 * @param cluster  a running one
 * @returns a function that takes addresses and listeners away again; the end of the caller ends the listeners too
 */
export async function offerAddresses(
  cluster: { name: string; stateDir: string },
  offers: readonly Offer[],
): Promise<() => Promise<void>> {
  const paths = buildPaths(cluster.name, cluster.stateDir);
  const ip = (...args: string[]) => runCommand(...insideNamespace(paths, 'ip', args));
  // A bridge without ports: the kernel may lack dummy links, and a cluster needs bridges anyway.
  await ip('link', 'add', LINK, 'type', 'bridge');
  for (const address of new Set(offers.map((offer) => offer.address))) {
    await ip('address', 'add', `${address}/32`, 'dev', LINK);
  }
  await ip('link', 'set', LINK, 'up');

  const program = join(import.meta.dirname, 'listener.ts');
  const pairs = JSON.stringify(offers.map(({ address, port }) => [address, port]));
  const [command, args] = insideNamespace(paths, process.execPath, [program, pairs]);
  const listener = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(listener, 'close');
  const first = await Promise.race([once(listener.stdout, 'data'), ended.then(() => null)]);
  if (first === null) throw new Error('the listeners ended before they listened');
  return async () => {
    listener.stdin.end();
    await ended;
    await ip('link', 'delete', LINK);
  };
}
