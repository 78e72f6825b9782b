/**
 * Runs a built image like a container, with what every Linux has: its layers unpacked, mount and process namespaces of
 * its own, its user, its environment. The process is number 1 in there, so signals behave as in a pod. It shares the
 * host's network: everything listens on loopback ports the test chose. Needs root.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunConfig } from '../lib/recipes/types.ts';
import { run } from '../lib/run.ts';

export type Container = {
  /** Everything written so far, both streams. */
  output: () => string;
  /** The exit code, once it has ended. */
  ended: Promise<number | null>;
  /** Sends the signal to process 1 of the container. */
  signal: (signal: NodeJS.Signals) => void;
  /** Ends it at once, and all it started. Safe to repeat. */
  kill: () => Promise<void>;
};

type Manifest = { Config: string; Layers: string[] }[];

/** Unpacks an image's layers below `root`, as a container engine would. */
export async function unpackImage(tar: string, root: string): Promise<RunConfig> {
  mkdirSync(root, { recursive: true });
  const read = (name: string): Promise<string> => run({ file: 'tar', args: ['-xOf', tar, name], timeoutMs: 60_000 });
  const [image] = JSON.parse(await read('manifest.json')) as Manifest;
  if (image === undefined) throw new Error(`${tar} holds no image`);
  for (const layer of image.Layers) {
    await run({
      file: 'sh',
      args: ['-c', 'tar -xOf "$1" "$2" | tar -xp -C "$3"', 'sh', tar, layer, root],
      timeoutMs: 120_000,
    });
  }
  return (JSON.parse(await read(image.Config)) as { config: RunConfig }).config;
}

/** Writes a file of the container's world, readable by its user: a secret, a setting. */
export function place(root: string, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o644 });
}

/** Gives a folder to the container's user, as a volume with fsGroup would be. */
export function ownFolder(root: string, path: string, { User }: RunConfig): void {
  const [uid = 0, gid = 0] = User.split(':').map(Number);
  mkdirSync(join(root, path), { recursive: true });
  chownSync(join(root, path), uid, gid);
}

// The root is read-only but for the listed folders, as under readOnlyRootFilesystem; the mounts end with the namespace.
const enter = `
set -e
root=$1; user=$2; directory=$3; writable=$4; small=$5; shift 5
mount --bind "$root" "$root"
for folder in $writable; do mkdir -p "$root/$folder"; mount --bind "$root/$folder" "$root/$folder"; done
[ -z "$small" ] || mount -t tmpfs -o "size=\${small#*=},uid=\${user%:*},gid=\${user#*:},mode=0770" tmpfs "$root/\${small%=*}"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
cd "$root"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"
`;

export type Start = {
  root: string;
  config: RunConfig;
  env: Record<string, string>;
  writable: string[];
  /** A writable folder that is an empty volume of a given size for this run, as `data=6m`. */
  small?: string;
  command?: string[];
};

export function start({ root, config, env, writable, small = '', command }: Start): Container {
  const image = Object.fromEntries(
    config.Env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--propagation',
      'private',
      'sh',
      '-c',
      enter,
      'sh',
      root,
      config.User,
      config.WorkingDir,
      writable.join(' '),
      small,
      ...(command ?? config.Entrypoint),
    ],
    { env: { ...image, ...env, PATH: `${image.PATH}:/usr/sbin:/sbin` }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    return code as number | null;
  });
  return {
    output: () => output,
    ended,
    signal: (signal) => process.kill(firstProcess(child), signal),
    kill: async () => {
      // The kernel ends everything in a process namespace with its process 1. `unshare` itself is no use here: the
      // signal it leaves for its child is forgotten when that changes its user.
      if (!isOver) process.kill(firstProcess(child), 'SIGKILL');
      await ended;
    },
  };
}

/** The container's process 1, seen from outside: the only child of `unshare`. */
function firstProcess({ pid }: ChildProcess): number {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  if (!Number.isInteger(child) || child === 0) throw new Error('the container has no process');
  return child;
}
