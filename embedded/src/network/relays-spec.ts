/** The inner halves of all ways into the cluster's network, as one process. */
import { join } from 'node:path';

import type { ComponentSpec } from '../supervise/component.ts';

export function insideRelaysSpec(
  pairs: readonly (readonly [path: string, host: string, port: number])[],
): ComponentSpec {
  const program = join(import.meta.dirname, 'inside-relays.ts');
  return { name: 'relays', command: process.execPath, args: [program, JSON.stringify(pairs)] };
}
