import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageKey, layerKey } from './key.ts';
import { medusaServer } from './recipes/medusa.ts';
import type { InsideLayer, ScriptLayer } from './recipes/types.ts';

const layer: ScriptLayer = {
  kind: 'script',
  name: 'l',
  folder: 'x',
  script: 'install.sh',
  inputs: ['install.sh', 'src'],
  timeoutMs: 1,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-key-'));
  mkdirSync(join(folder, 'x/src'), { recursive: true });
  writeFileSync(join(folder, 'x/install.sh'), 'echo');
  writeFileSync(join(folder, 'x/src/a.ts'), 'a');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the key of a script layer', () => {
  it.each<[string, () => void]>([
    ['the script', () => writeFileSync(join(folder, 'x/install.sh'), 'echo other')],
    ['an input', () => writeFileSync(join(folder, 'x/src/a.ts'), 'b')],
    [
      'the name of an input',
      () => (rmSync(join(folder, 'x/src/a.ts')), writeFileSync(join(folder, 'x/src/b.ts'), 'a')),
    ],
    ['the executable bit of an input', () => chmodSync(join(folder, 'x/src/a.ts'), 0o755)],
    [
      'where one input ends and the next begins',
      () => (writeFileSync(join(folder, 'x/src/a.ts'), ''), writeFileSync(join(folder, 'x/src/b.ts'), 'a')),
    ],
  ])('changes with %s', (_, change) => {
    const before = layerKey(layer, folder);
    change();
    expect(layerKey(layer, folder)).not.toBe(before);
  });

  it.each<[string, () => void]>([
    ['a file that no input names', () => writeFileSync(join(folder, 'x/other'), 'b')],
    ['a test beside the source', () => writeFileSync(join(folder, 'x/src/a.spec.ts'), 'b')],
    ['the time of a file', () => writeFileSync(join(folder, 'x/src/a.ts'), 'a')],
  ])('stays with %s', (_, change) => {
    const before = layerKey(layer, folder);
    change();
    expect(layerKey(layer, folder)).toBe(before);
  });
});

describe('the key of a layer that is made inside others', () => {
  const inside: InsideLayer = {
    kind: 'inside',
    name: 'i',
    roots: [[layer]],
    folder: 'y',
    script: 'make.sh',
    inputs: ['make.sh'],
    chartFiles: 'chart',
    env: {},
    timeoutMs: 1,
  };
  beforeEach(() => {
    for (const place of ['y', 'chart']) mkdirSync(join(folder, place));
    writeFileSync(join(folder, 'y/make.sh'), 'echo');
    writeFileSync(join(folder, 'chart/products.json'), '[]');
  });

  it.each<[string, () => void]>([
    ['its script', () => writeFileSync(join(folder, 'y/make.sh'), 'echo other')],
    ['an input of a layer it is made from', () => writeFileSync(join(folder, 'x/src/a.ts'), 'b')],
    ["one of the chart's files", () => writeFileSync(join(folder, 'chart/products.json'), '[1]')],
  ])('changes with %s', (_, change) => {
    const before = layerKey(inside, folder);
    change();
    expect(layerKey(inside, folder)).not.toBe(before);
  });
});

describe('the key of an image', () => {
  it('changes with a layer and with how the image runs', () => {
    const recipe = medusaServer;
    const key = imageKey(recipe, ['a', 'b']);
    expect(imageKey(recipe, ['a', 'c'])).not.toBe(key);
    expect(imageKey({ ...recipe, run: { ...recipe.run, User: '1:1' } }, ['a', 'b'])).not.toBe(key);
    expect(imageKey(recipe, ['a', 'b'])).toBe(key);
  });
});
