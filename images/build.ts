/**
 * Builds the store images without a container engine or registry, from Debian and npm packages, into docker-archive
 * tars kept in the cache by the content of everything they are made from.
 *
 *   node images/build.ts [name…]     builds the named images (default: all) and prints their tars
 */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive, type LayerFile } from './lib/archive.ts';
import { cacheFolder, dropDeadWork, dropOldTars } from './lib/cache.ts';
import { imageKey, layerKey } from './lib/key.ts';
import { ensureLayer } from './lib/layers.ts';
import { withLock } from './lib/lock.ts';
import { isImageName, recipes, type ImageName, type Layer } from './lib/recipes.ts';

export type BuiltImage = { name: ImageName; ref: string; tar: string };

/** `done` of `total` parts are there; `text` says what just began or ended. */
export type BuildProgress = { text: string; done: number; total: number };

export type BuildOptions = { signal?: AbortSignal; onProgress?: (progress: BuildProgress) => void };

export const imageNames = Object.keys(recipes).filter(isImageName);

/**
 * Builds what is missing and returns every image's tar, in the order of `names`. Independent layers are made at the
 * same time, a layer that images share once. Safe to repeat and to run twice at once; an abort leaves no half result.
 *
 * @throws Error with the command that failed and the end of its output; the signal's reason when aborted
 */
export async function buildImages(names: readonly ImageName[], options: BuildOptions = {}): Promise<BuiltImage[]> {
  const cache = join(cacheFolder(process.env), 'images');
  await mkdir(cache, { recursive: true });
  await dropDeadWork(cache);

  // A failed layer ends the others: nobody waits ten minutes for a build that is lost.
  const failure = new AbortController();
  const signal = options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  // Keys are taken once: a source saved while we build makes the next build, not half of this one.
  const plans = names.map(planImage);
  const layers = new Map(plans.flatMap((plan) => plan.layers.map(({ key, layer }) => [key, layer] as const)));
  const progress = { done: 0, total: layers.size + names.length };
  const say = (text: string): void => options.onProgress?.({ text, ...progress });

  const makeLayer = async (key: string, layer: Layer): Promise<LayerFile> => {
    const since = performance.now();
    let isBuilt = false;
    const file = await ensureLayer({ key, layer }, { cache, packageFolder: import.meta.dirname, signal }, () => {
      isBuilt = true;
      say(`${layer.name}: building`);
    });
    progress.done += 1;
    say(`${layer.name}: ${isBuilt ? `built in ${seconds(since)}` : 'from the cache'}`);
    return file;
  };
  const made = new Map([...layers].map(([key, layer]) => [key, makeLayer(key, layer)]));

  const makeImage = async ({ name, key, layers: wanted }: ImagePlan): Promise<BuiltImage> => {
    const { ref, run } = recipes[name];
    const tar = join(cache, `${name}-${key}.tar`);
    const files = await Promise.all(wanted.flatMap((layer) => made.get(layer.key) ?? []));
    await withLock(`${tar}.lock`, signal, async () => {
      if (existsSync(tar)) return;
      await writeArchive(`${tar}.part`, { ref, run, layers: files }, signal);
      await rename(`${tar}.part`, tar);
    });
    await dropOldTars(cache, { name, current: tar });
    progress.done += 1;
    say(`${name}: ready`);
    return { name, ref, tar };
  };

  const images = plans.map(makeImage);
  try {
    return await Promise.all(images);
  } catch (error) {
    failure.abort(error);
    // Wait for the others to stop, so that nothing of this build runs on after it has failed.
    await Promise.allSettled([...made.values(), ...images]);
    throw error;
  }
}

type ImagePlan = { name: ImageName; key: string; layers: { key: string; layer: Layer }[] };

function planImage(name: ImageName): ImagePlan {
  const recipe = recipes[name];
  const layers = recipe.layers.map((layer) => ({ key: layerKey(layer, import.meta.dirname), layer }));
  return {
    name,
    key: imageKey(
      recipe,
      layers.map(({ key }) => key),
    ),
    layers,
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}

async function main(args: string[]): Promise<void> {
  const unknown = args.filter((name) => !isImageName(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no image ${unknown.join(', ')}. The images are: ${imageNames.join(', ')}.\n`);
    process.exit(2);
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupt.abort(new Error('stopped')));
  const names = args.length === 0 ? imageNames : args.filter(isImageName);
  const images = await buildImages(names, {
    signal: interrupt.signal,
    onProgress: ({ text, done, total }) => process.stderr.write(`[${done}/${total}] ${text}\n`),
  });
  for (const { tar } of images) process.stdout.write(`${tar}\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
