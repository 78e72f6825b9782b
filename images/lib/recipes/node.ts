/** What every image that Node runs in begins with. */
import type { DebianLayer, NodeLayer } from './types.ts';

/** What the node binary needs of Debian. */
export const debianCommon = ['base-files', 'base-passwd', 'dash', 'libc6', 'libstdc++6', 'libatomic1'];

export const nodeVersion = '24.21.0';

export const debianForNode: DebianLayer = {
  kind: 'debian',
  name: 'debian-node',
  packages: debianCommon,
  leaveOut: [],
  user: { name: 'node', id: 1000, home: '/tmp' },
};

export const node: NodeLayer = { kind: 'node', name: `node-${nodeVersion}`, version: nodeVersion };
