/**
 * A way out of a cluster's network, which by itself has none: pods reach a server of the test at an address of the node.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { NODE_ADDRESS } from '../cluster/addresses.ts';
import { buildPaths } from '../cluster/paths.ts';
import { insideNamespace } from '../network/namespace.ts';
import { startRelay } from '../network/relay.ts';

/**
 * @param cluster  a running one with a real node
 * @param way  `port` of the node's address inside leads to `target` on loopback outside
 * @returns a function that closes the way; the end of the caller or of the cluster closes it too
 * @throws Error where the port inside is taken
 */
export async function openWayOut(
  cluster: { name: string; stateDir: string },
  way: { port: number; target: number },
): Promise<() => Promise<void>> {
  const paths = buildPaths(cluster.name, cluster.stateDir);
  const path = join(paths.runDir, `way-out-${way.port}.sock`);
  const outer = await startRelay({ path }, { host: '127.0.0.1', port: way.target });
  const program = join(import.meta.dirname, 'way-out-inside.ts');
  const [command, args] = insideNamespace(paths, process.execPath, [program, NODE_ADDRESS, String(way.port), path]);
  const inner = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(inner, 'close');
  const first = await Promise.race([once(inner.stdout, 'data'), ended.then(() => null)]);
  if (first === null) {
    await outer.close();
    throw new Error(`the way out ended before it listened on port ${way.port}`);
  }
  return async () => {
    inner.stdin.end();
    await ended;
    await outer.close();
  };
}
