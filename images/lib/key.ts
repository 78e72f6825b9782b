/**
 * Cache keys: a layer's key is a hash of its recipe and of every file it is made from, an image's key one of its
 * layers' keys and its configuration. Equal inputs, equal key, whatever the machine or the time.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { insideScript } from './inside.ts';
import { programKey } from './program.ts';
import type { Layer, Recipe } from './recipes/types.ts';

/** Raise when the code that makes layers changes what it makes of the same recipe. */
const builderRevision = 2;

/** Tests lie beside the source they test and never enter an image. */
const isLeftOut = (name: string): boolean => name === 'node_modules' || name.endsWith('.spec.ts');

export function layerKey(layer: Layer, packageFolder: string): string {
  const hash = createHash('sha256').update(JSON.stringify([builderRevision, process.arch, layer]));
  if (layer.kind === 'script' || layer.kind === 'inside') {
    for (const input of layer.inputs) addFile(hash, join(packageFolder, layer.folder), input);
  }
  if (layer.kind === 'program') hash.update(programKey(layer.group));
  if (layer.kind === 'inside') {
    // What it is made from may change without a word in its own recipe.
    for (const part of layer.roots.flat()) hash.update(layerKey(part, packageFolder));
    hash.update(readFileSync(insideScript));
    if (layer.chartFiles !== undefined) addFile(hash, packageFolder, layer.chartFiles);
  }
  return hash.digest('hex').slice(0, 16);
}

export function imageKey(recipe: Recipe, layerKeys: string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([builderRevision, recipe.ref, recipe.run, layerKeys]))
    .digest('hex')
    .slice(0, 16);
}

type Hash = ReturnType<typeof createHash>;

/** Adds name, executable bit and content of a file, or of everything in a folder, in one fixed order. */
function addFile(hash: Hash, root: string, name: string): void {
  const path = join(root, name);
  const stat = statSync(path);
  if (stat.isDirectory()) {
    const children = readdirSync(path).filter((child) => !isLeftOut(child));
    for (const child of children.toSorted()) addFile(hash, root, join(name, child));
    return;
  }
  const content = readFileSync(path);
  hash.update(`${name}\0${(stat.mode & 0o100) === 0 ? 'file' : 'executable'}\0${content.length}\0`);
  hash.update(content);
}
