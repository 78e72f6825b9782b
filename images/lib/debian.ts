/**
 * A base from Debian packages: mmdebstrap unpacks them and what they need, nothing is configured or run. That takes
 * seconds and leaves out apt, dpkg, a shell's worth of tools and everything else a container does not need.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianLayer } from './recipes/types.ts';
import { run, type Command } from './run.ts';

/** Not needed in any container. Copyright files stay. */
const leftOutEverywhere = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/info/*',
  '/usr/share/locale/*',
  '/usr/share/i18n/*',
  '/usr/share/lintian/*',
  '/usr/share/bug/*',
  '/usr/lib/*/gconv/*',
  '/usr/lib/systemd/*',
  '/etc/init.d/*',
  '/etc/rc?.d/*',
];

/** How files of a Debian layer are packed: readable by all, and nothing that lends its owner's rights. */
export const debianMode = 'u+rwX,go+rX,ug-s';

/** Unpacks the layer's packages into the empty folder `root` and finishes what their scripts would have set up. */
export async function installDebian(
  layer: DebianLayer,
  { root, work, signal }: { root: string; work: string; signal?: AbortSignal },
): Promise<void> {
  const tar = join(work, 'debian.tar');
  // Below the work folder, so that what a killed build leaves goes with it. Only root may work there.
  const env = process.geteuid?.() === 0 ? { ...process.env, TMPDIR: work } : process.env;
  await run({ ...debianCommand(layer, tar), env, signal });
  // Devices are the container runtime's matter, and only root could unpack them.
  await run({ file: 'tar', args: ['-xpf', tar, '-C', root, '--exclude=./dev/*'], timeoutMs: 5 * 60_000, signal });
  await rm(tar);
  await finish(root, layer);
}

/** The mmdebstrap call that writes the packages' files to `tar`. */
export function debianCommand(layer: DebianLayer, tar: string): Command {
  return {
    file: 'mmdebstrap',
    args: [
      '--variant=extract',
      `--include=${layer.packages.join(',')}`,
      ...[...leftOutEverywhere, ...layer.leaveOut].map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
      '--dpkgopt=path-include=/usr/share/doc/*/copyright',
      'trixie',
      tar,
    ],
    timeoutMs: 15 * 60_000,
  };
}

/** What the packages' scripts do when they are configured, as far as a container needs it. */
async function finish(root: string, { user }: DebianLayer): Promise<void> {
  const at = (path: string): string => join(root, path);
  const passwd = await readFile(at('usr/share/base-passwd/passwd.master'), 'utf8');
  const group = await readFile(at('usr/share/base-passwd/group.master'), 'utf8');
  // Debian knows some users already, as www-data.
  const isKnown = passwd.split('\n').some((line) => line.startsWith(`${user.name}:`));
  const passwdLine = isKnown ? '' : `${user.name}:x:${user.id}:${user.id}::${user.home}:/bin/sh\n`;
  await writeFile(at('etc/passwd'), `${passwd}${passwdLine}`);
  await writeFile(at('etc/group'), `${group}${isKnown ? '' : `${user.name}:x:${user.id}:\n`}`);
  // Names first from /etc/hosts, which Kubernetes writes, then from DNS.
  await writeFile(at('etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  // mmdebstrap copies the first two from the machine it runs on; the others serve only tools that are not here.
  for (const path of ['etc/hostname', 'etc/resolv.conf', 'etc/apt', 'var/lib/apt', 'var/cache/apt']) {
    await rm(at(path), { recursive: true, force: true });
  }
}
