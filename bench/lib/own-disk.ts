/**
 * A fresh file system for one benchmark. On the machine's own one the order of rounds would count: an ext4 without a
 * journal, as small virtual machines have it, passes by every inode that was deleted in the last minutes, so whoever
 * comes after a contestant that deleted thousands of files pays for them.
 */
import { execFile, execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Sparse: only what is written takes room. */
const size = '24G';

export const diskName = 'ext4 with a journal in a file of its own, made for this run';

export interface OwnDisk {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes it and lets everything temporary of this process and its children live there.
 * @throws Error where this machine has no loop devices or no `mkfs.ext4`
 */
export async function useOwnDisk(): Promise<OwnDisk> {
  const base = await mkdtemp(join(tmpdir(), 'urumi-disk-'));
  const [image, folder] = [join(base, 'image'), join(base, 'mount')];
  try {
    await mkdir(folder);
    await run('truncate', ['--size', size, image]);
    await run('mkfs.ext4', ['-q', '-F', image]);
    await run('mount', ['-o', 'loop', image, folder]);
  } catch (error) {
    await rm(base, { recursive: true });
    throw error;
  }
  process.env['TMPDIR'] = folder;
  // What still runs in there ends with us; the mount would not.
  const abandon = (): never => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(base, { recursive: true });
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abandon);
  return {
    folder,
    remove: async () => {
      await run('umount', [folder]);
      await rm(base, { recursive: true });
    },
  };
}
