/**
 * The image of the container that holds a pod's namespaces: a static busybox, asleep. Made here, because no registry
 * can be asked for one.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from '../base/run-command.ts';

export const PAUSE_IMAGE = 'localhost/urumi/pause:1';
/** The teardown knows the container by this program: it ignores the polite signal and needs none. */
export const PAUSE_PROGRAM = '/busybox-pause';
const BUSYBOX = '/bin/busybox';

/** Packs the image as a docker archive and hands its file to `use`. The same busybox gives the same bytes. */
export async function withPauseImage(use: (tar: string) => Promise<void>, signal: AbortSignal): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'urumi-pause-'));
  try {
    await mkdir(join(dir, 'root'));
    await copyFile(BUSYBOX, join(dir, 'root', PAUSE_PROGRAM));
    await tar(join(dir, 'root'), join(dir, 'layer.tar'), ['.'], signal);
    const layer = createHash('sha256')
      .update(await readFile(join(dir, 'layer.tar')))
      .digest('hex');
    const config = {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Cmd: [PAUSE_PROGRAM, 'sleep', 'infinity'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    };
    await writeFile(join(dir, 'config.json'), JSON.stringify(config));
    await writeFile(
      join(dir, 'manifest.json'),
      JSON.stringify([{ Config: 'config.json', RepoTags: [PAUSE_IMAGE], Layers: ['layer.tar'] }]),
    );
    await tar(dir, join(dir, 'image.tar'), ['manifest.json', 'config.json', 'layer.tar'], signal);
    await use(join(dir, 'image.tar'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function tar(dir: string, into: string, names: string[], signal: AbortSignal): Promise<void> {
  const sameBytes = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await runCommand('tar', ['-C', dir, ...sameBytes, '-cf', into, ...names], { signal });
}
