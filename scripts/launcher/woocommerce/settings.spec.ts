import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'urumi-settings-'));
  file = join(folder, 'woocommerce.json');
});
beforeEach(() => rm(file, { recursive: true, force: true }));
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string) => {
  await writeFile(file, text);
  return readSettings(file, {});
};

describe('the settings of WooCommerce', () => {
  it.each(['', '  \n', '{}', ' { } '])('give nothing: %j', async (text) => {
    expect(await read(text)).toMatchObject({ kind: 'none' });
  });

  it('give nothing where there is no file', async () => {
    expect(await readSettings(file, {})).toMatchObject({ kind: 'none' });
  });

  it('give a plugin and a theme; paths count from the folder of the file', async () => {
    const text = JSON.stringify({ plugin: 'shop.zip', theme: '/srv/theme.zip', themeSha256: 'ab', pluginSha256: 'cd' });
    expect(await read(text)).toMatchObject({
      kind: 'given',
      source: { plugin: join(folder, 'shop.zip'), sha256: 'cd', theme: '/srv/theme.zip', themeSha256: 'ab' },
    });
  });

  it('leave an address as it is', async () => {
    const plugin = 'https://example.com/shop.zip';
    expect(await read(JSON.stringify({ plugin }))).toMatchObject({ kind: 'given', source: { plugin } });
  });

  it.each([
    ['{"plugin": ', 'woocommerce.json is not JSON: write an object such as {"plugin": "<path or URL>"}.'],
    ['[]', 'woocommerce.json holds no object: write one such as {"plugin": "<path or URL>"}.'],
    ['"x"', 'woocommerce.json holds no object: write one such as {"plugin": "<path or URL>"}.'],
    ['{"theme": "t.zip"}', 'woocommerce.json names no plugin: write its archive as "plugin": "<path or URL>".'],
    ['{"plugin": 7}', 'woocommerce.json names no plugin: write its archive as "plugin": "<path or URL>".'],
    ['{"plugin": ""}', 'woocommerce.json names no plugin: write its archive as "plugin": "<path or URL>".'],
    ['{"plugin": "p", "theme": []}', 'woocommerce.json has no text in "theme": correct it or leave it out.'],
    [
      '{"plugn": "p.zip"}',
      'woocommerce.json has the unknown key "plugn": it knows plugin, pluginSha256, theme and themeSha256.',
    ],
    [
      '{"plugin": "p", "plugn": 1, "x": 2}',
      'woocommerce.json has the unknown key "plugn", "x": it knows plugin, pluginSha256, theme and themeSha256.',
    ],
  ])('name their fault in a sentence: %s', async (text, sentence) => {
    expect(await read(text)).toMatchObject({ kind: 'faulty', sentence });
  });

  it('that cannot be read say so', async () => {
    await mkdir(file);
    expect(await readSettings(file, {})).toMatchObject({
      kind: 'faulty',
      sentence: 'woocommerce.json cannot be read (EISDIR): make it a file that Urumi may read.',
    });
  });

  it('come from the environment only where there is no file', async () => {
    const env = { URUMI_WOOCOMMERCE_PLUGIN: '/srv/env.zip', URUMI_WOOCOMMERCE_PLUGIN_SHA256: 'ef' };
    expect(await readSettings(file, env)).toMatchObject({
      kind: 'given',
      source: { plugin: '/srv/env.zip', sha256: 'ef' },
    });
    await writeFile(file, '{}');
    expect(await readSettings(file, env)).toMatchObject({ kind: 'none' });
  });

  it('differ by their key when text or archive change, and only then', async () => {
    const archive = join(folder, 'shop.zip');
    const text = '{"plugin": "shop.zip"}';
    const missing = (await read(text)).key;
    await writeFile(archive, 'one');
    await utimes(archive, 1, 1);
    const first = (await read(text)).key;
    expect((await read(text)).key).toBe(first);
    await utimes(archive, 2, 2);
    const touched = (await read(text)).key;
    const other = (await read('{"plugin": "other.zip"}')).key;
    expect(new Set([missing, first, touched, other]).size).toBe(4);
  });
});
