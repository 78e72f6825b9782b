/** What a machine must have before a cluster can start, checked at once and named by the package that brings it. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

import { systemEnvironment } from '../base/run-command.ts';
import { OptionError } from './options.ts';

/** Program or file to Debian package. */
const REQUIRED: Record<string, string> = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  '/bin/busybox': 'busybox-static',
  openssl: 'openssl',
  sysctl: 'procps',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
};

/** @throws OptionError that names everything missing */
export function checkRequirements(): void {
  if (process.getuid?.() !== 0) throw new OptionError('the embedded cluster needs root: it makes networks and mounts');
  const folders = (systemEnvironment()['PATH'] ?? '').split(':');
  const missing = missingPackages((name) =>
    name.startsWith('/') ? existsSync(name) : folders.some((dir) => isExecutable(join(dir, name))),
  );
  if (missing.length > 0) throw new OptionError(`missing Debian packages: ${missing.join(' ')}`);
}

export function missingPackages(isThere: (name: string) => boolean): string[] {
  return [...new Set(Object.entries(REQUIRED).flatMap(([name, one]) => (isThere(name) ? [] : [one])))];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // the answer, not a failure
  }
}
