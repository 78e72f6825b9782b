/** Makes the layers of a recipe and keeps them by key in the cache, so only what changed is made anew. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { LayerFile } from './archive.ts';
import { dropOldTars, makeWorkFolder } from './cache.ts';
import { debianMode, installDebian } from './debian.ts';
import { runInside } from './inside.ts';
import { withLock } from './lock.ts';
import { installNode } from './node-binary.ts';
import { installProgram } from './program.ts';
import type { Layer } from './recipes/types.ts';
import { run } from './run.ts';
import { unpackArchive } from './plugin-archive/store.ts';

export type LayerPlace = {
  /** The cache folder of images; made when missing. */
  cache: string;
  /** This package's folder, which script layers are relative to. */
  packageFolder: string;
  /** Gives the layers that this one is made from, root by root. */
  makeParts: () => Promise<LayerFile[][]>;
  signal?: AbortSignal;
};

/** A layer and its key of `key.ts`. */
export type KeyedLayer = { key: string; layer: Layer };

/**
 * The layer's tar and hash, made now or taken from the cache. Safe to call twice at once, in two processes too:
 * the second waits. A build that dies leaves at most a work folder, never a half layer under its final name.
 *
 * @param onBuild  called when the layer is not in the cache and will be made
 */
export async function ensureLayer(
  { key, layer }: KeyedLayer,
  place: LayerPlace,
  onBuild: () => void,
): Promise<LayerFile> {
  const tar = join(place.cache, 'layers', `${layer.name}-${key}.tar`);
  await mkdir(dirname(tar), { recursive: true });
  return (
    (await readLayer(tar)) ??
    withLock(`${tar}.lock`, place.signal, async () => {
      const found = await readLayer(tar);
      if (found !== undefined) return found;
      onBuild();
      return makeLayer(layer, tar, place);
    })
  );
}

async function readLayer(tar: string): Promise<LayerFile | undefined> {
  if (!existsSync(tar)) return undefined;
  return { path: tar, sha256: (await readFile(`${tar}.sha256`, 'utf8')).trim() };
}

async function makeLayer(layer: Layer, tar: string, place: LayerPlace): Promise<LayerFile> {
  const work = await makeWorkFolder(place.cache);
  try {
    const root = join(work, 'root');
    await mkdir(root);
    // The work folder's 0700 must not become the mode of the image's root folder.
    await chmod(root, 0o755);
    await fillRoot(layer, { ...place, root, work });
    const unfinished = join(work, 'layer.tar');
    await packRoot(root, unfinished, {
      mode: layer.kind === 'debian' ? debianMode : readableMode,
      signal: place.signal,
    });
    const sha256 = await hashFile(unfinished);
    // The hash first: a layer counts as made once its tar has its name.
    await writeFile(`${tar}.sha256`, `${sha256}\n`);
    await rename(unfinished, tar);
    await dropOldTars(dirname(tar), { name: layer.name, current: tar });
    return { path: tar, sha256 };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Root = LayerPlace & { root: string; work: string };

async function fillRoot(layer: Layer, place: Root): Promise<void> {
  const { root, work, packageFolder, signal } = place;
  switch (layer.kind) {
    case 'debian':
      return installDebian(layer, { root, work, signal });
    case 'node':
      return installNode(root, work, signal);
    case 'program':
      return installProgram(layer, { root, signal });
    case 'archive':
      return unpackArchive(layer, { cache: place.cache, root });
    case 'inside':
      return runInside(layer, place);
    case 'script':
      await run({
        file: 'sh',
        args: [layer.script, root],
        cwd: join(packageFolder, layer.folder),
        // The scripts expect `node` on the path: the one that runs this build.
        env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
        timeoutMs: layer.timeoutMs,
        signal,
      });
  }
}

/** Every file carries this time. */
const fixedTime = 1_760_000_000;

/** Whatever the umask of the one who builds: readable by all, writable by root. */
const readableMode = 'u+rwX,go+rX,go-w';

/** One order, one time, one owner and modes anybody can read: equal files give an equal tar. */
async function packRoot(
  root: string,
  tar: string,
  { mode, signal }: { mode: string; signal?: AbortSignal },
): Promise<void> {
  await run({
    file: 'tar',
    args: [
      '--sort=name',
      `--mtime=@${fixedTime}`,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      `--mode=${mode}`,
      '--format=gnu',
      '-C',
      root,
      '-cf',
      tar,
      '.',
    ],
    timeoutMs: 10 * 60_000,
    signal,
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
