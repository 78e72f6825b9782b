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
import { ensureLayer, type KeyedLayer } from './lib/layers.ts';
import { withLock } from './lib/lock.ts';
import { imageNames, isImageName, recipeOf, type ImageName } from './lib/recipes/index.ts';
import { checkPluginArchive, readPluginSource } from './lib/plugin-archive.ts';
import type { CheckedPlugin, Layer, Recipe } from './lib/recipes/types.ts';

export { imageNames, type ImageName };

/** `template` is the name of the prepared data directory that a database image carries. */
export type BuiltImage = { name: ImageName; ref: string; tar: string; template?: string };

/** `done` of `total` parts are there; `text` says what just began or ended. */
export type BuildProgress = { text: string; done: number; total: number };

export type BuildOptions = {
  /** What `woocommerce` images are made with; the others need none. */
  plugin?: CheckedPlugin;
  signal?: AbortSignal;
  onProgress?: (progress: BuildProgress) => void;
};

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
  const plans = names.map((name) => planImage(name, options.plugin));
  const made = new Map<string, Promise<LayerFile>>();
  const progress = { done: 0, total: names.length };
  const say = (text: string): void => options.onProgress?.({ text, ...progress });

  const buildLayer = async ({ key, layer, parts }: PlannedLayer): Promise<LayerFile> => {
    const since = performance.now();
    let isBuilt = false;
    const makeParts = (): Promise<LayerFile[][]> => Promise.all(parts.map((part) => Promise.all(part.map(makeLayer))));
    const place = { cache, packageFolder: import.meta.dirname, makeParts, signal };
    const file = await ensureLayer({ key, layer }, place, () => {
      isBuilt = true;
      say(`${layer.name}: building`);
    });
    progress.done += 1;
    say(`${layer.name}: ${isBuilt ? `built in ${seconds(since)}` : 'from the cache'}`);
    return file;
  };
  const makeLayer = (wanted: PlannedLayer): Promise<LayerFile> => {
    const known = made.get(wanted.key);
    if (known !== undefined) return known;
    progress.total += 1;
    const file = buildLayer(wanted);
    made.set(wanted.key, file);
    return file;
  };

  const makeImage = async ({ name, recipe, key, layers }: ImagePlan): Promise<BuiltImage> => {
    const { ref, run, template } = recipe;
    const tar = join(cache, `${name}-${key}.tar`);
    const files = await Promise.all(layers.map(makeLayer));
    await withLock(`${tar}.lock`, signal, async () => {
      if (existsSync(tar)) return;
      await writeArchive(`${tar}.part`, { ref, run, layers: files }, signal);
      await rename(`${tar}.part`, tar);
    });
    await dropOldTars(cache, { name, current: tar });
    progress.done += 1;
    say(`${name}: ready`);
    return { name, ref, tar, template };
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

type ImagePlan = { name: ImageName; recipe: Recipe; key: string; layers: PlannedLayer[] };

/** `parts` are the layers it is made from, root by root; made only where the layer itself is not in the cache. */
type PlannedLayer = KeyedLayer & { parts: PlannedLayer[][] };

function planImage(name: ImageName, plugin: CheckedPlugin | undefined): ImagePlan {
  const recipe = recipeOf(name, plugin);
  const layers = recipe.layers.map(plan);
  const key = imageKey(
    recipe,
    layers.map((layer) => layer.key),
  );
  return { name, recipe, key, layers };
}

function plan(layer: Layer): PlannedLayer {
  const parts = layer.kind === 'inside' ? layer.roots.map((layers) => layers.map(plan)) : [];
  return { key: layerKey(layer, import.meta.dirname), layer, parts };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}

async function main(args: string[]): Promise<void> {
  const unknown = args.filter((name) => !isImageName(name));
  if (unknown.length > 0) {
    const names = imageNames(true).join(', ');
    process.stderr.write(`There is no image ${unknown.join(', ')}. The images are: ${names}.\n`);
    process.exit(2);
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupt.abort(new Error('stopped')));
  const source = readPluginSource(process.env);
  const plugin = source === undefined ? undefined : await checkPluginArchive(source, { signal: interrupt.signal });
  const names = args.length === 0 ? imageNames(plugin !== undefined) : args.filter(isImageName);
  const images = await buildImages(names, {
    plugin,
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
