import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip, type ZipFile } from '../test/make-zip.ts';
import { checkPluginArchive, readPluginSource, type PluginSource } from './plugin-archive.ts';
import { unpackArchive } from './plugin-archive/store.ts';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-plugin-'));
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

const header = (lines: Record<string, string>): string =>
  `<?php\n/**\n${Object.entries(lines)
    .map(([name, value]) => ` * ${name}: ${value}\n`)
    .join('')} */\n`;
const fits = { 'Plugin Name': 'WooCommerce', Version: '11.0.1', 'Requires at least': '6.9', 'Requires PHP': '7.4' };
const main = (lines: Record<string, string> = fits): ZipFile => ({
  name: 'woocommerce/woocommerce.php',
  content: header(lines),
  isPacked: true,
});
const theme = [{ name: 'bazaar/style.css', content: '/*\nTheme Name: Bazaar\nVersion: 4.6.2\n*/' }];

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

function place(name: string, content: Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const check = (source: PluginSource): ReturnType<typeof checkPluginArchive> =>
  checkPluginArchive(source, { env: { URUMI_CACHE: folder } });

/** Code and sentence of the refusal. */
async function refusal(source: PluginSource): Promise<{ code: string; message: string }> {
  const error: unknown = await check(source).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'PluginArchiveError' });
  const { code, message } = error as { code: string; message: string };
  expect(message).toMatch(/^[^\n]+\.$/);
  return { code, message };
}

async function serve(content: Buffer): Promise<string> {
  const listening = createServer((_, response) => response.end(content)).listen(0, '127.0.0.1');
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/plugin.zip`;
}

describe('a plugin archive', () => {
  it('from a path gives its version and checksum, and lies in the cache', async () => {
    const zip = makeZip([{ name: 'woocommerce/' }, main()]);
    const plugin = await check({ plugin: place('w.zip', zip) });
    expect(plugin).toEqual({ version: '11.0.1', sha256: sha256(zip) });
    expect(readdirSync(join(folder, 'images/archives'))).toEqual([`${sha256(zip)}.zip`]);
  });

  it('may bring a theme', async () => {
    const zip = makeZip(theme);
    const checked = await check({ plugin: place('w.zip', makeZip([main()])), theme: place('t.zip', zip) });
    expect(checked.theme).toEqual({ slug: 'bazaar', version: '4.6.2', sha256: sha256(zip) });
  });

  it('from an address is fetched once, then taken from the cache', async () => {
    const zip = makeZip([main()]);
    const source = { plugin: await serve(zip), sha256: sha256(zip).toUpperCase() };
    expect((await check(source)).sha256).toBe(sha256(zip));
    server?.close();
    server?.closeAllConnections();
    expect((await check(source)).version).toBe('11.0.1');
  });

  it('is unpacked for its layer', async () => {
    const zip = makeZip([{ name: 'woocommerce/' }, main(), { name: 'woocommerce/a/b.txt', content: 'deep' }]);
    const { sha256: sum } = await check({ plugin: place('w.zip', zip) });
    const root = join(folder, 'root');
    mkdirSync(root);
    const layer = { kind: 'archive', name: 'woocommerce', sha256: sum, into: 'plugins' } as const;
    await unpackArchive(layer, { cache: join(folder, 'images'), root });
    expect(readFileSync(join(root, 'plugins/woocommerce/a/b.txt'), 'utf8')).toBe('deep');
  });
});

describe('a plugin archive is refused with a sentence', () => {
  it('when nothing is there', async () => {
    expect((await refusal({ plugin: join(folder, 'none.zip') })).code).toBe('missing');
  });

  it('when its checksum is another, and nothing is kept of it', async () => {
    const path = place('w.zip', makeZip([main()]));
    expect((await refusal({ plugin: path, sha256: 'a'.repeat(64) })).code).toBe('wrongChecksum');
    expect(readdirSync(join(folder, 'images/archives'))).toEqual([]);
    expect((await refusal({ plugin: path, sha256: 'abc' })).code).toBe('wrongChecksum');
  });

  it('when an address comes without a checksum', async () => {
    expect((await refusal({ plugin: 'https://shop.invalid/w.zip' })).code).toBe('needsChecksum');
  });

  it('when an address does not answer', async () => {
    const { code, message } = await refusal({ plugin: 'http://127.0.0.1:1/w.zip', sha256: 'a'.repeat(64) });
    expect(code).toBe('unreachable');
    expect(message).toContain('127.0.0.1:1');
  });

  it.each<[string, string, ZipFile[] | Buffer]>([
    ['it is no zip', 'corrupt', Buffer.from('<html>moved</html>')],
    ['it is cut off', 'corrupt', makeZip([main()]).subarray(0, -40)],
    ['a file in it is damaged', 'corrupt', [main(), { name: 'woocommerce/x', content: 'x', isDamaged: true }]],
    ['a name leads out of its folder', 'unsafe', [main(), { name: 'woocommerce/../../etc/passwd', content: 'x' }]],
    ['a name is absolute', 'unsafe', [main(), { name: '/etc/passwd', content: 'x' }]],
    ['a name has backslashes', 'unsafe', [main(), { name: 'woocommerce\\..\\x', content: 'x' }]],
    ['it holds a link', 'unsafe', [main(), { name: 'woocommerce/link', content: '/etc', mode: 0o120777 }]],
    ['it is another plugin', 'notWooCommerce', [{ name: 'akismet/akismet.php', content: header(fits) }]],
    ['something lies beside its folder', 'notWooCommerce', [main(), { name: 'readme.txt', content: 'x' }]],
    ['its main file is missing', 'notWooCommerce', [{ name: 'woocommerce/readme.txt', content: 'x' }]],
    ['its version is missing', 'notWooCommerce', [main({ ...fits, Version: '' })]],
    ['its version is no version', 'notWooCommerce', [main({ ...fits, Version: 'trunk; rm -rf' })]],
  ])('when %s', async (_, code, content) => {
    const zip = Array.isArray(content) ? makeZip(content) : content;
    expect((await refusal({ plugin: place('w.zip', zip) })).code).toBe(code);
  });

  it('when it is too old for this WordPress, naming both versions', async () => {
    const { code, message } = await refusal({ plugin: place('w.zip', makeZip([main({ ...fits, Version: '9.8.1' })])) });
    expect(code).toBe('tooOld');
    expect(message).toBe('The plugin woocommerce 9.8.1 is too old for WordPress 7.1.1: give 10.5.0 or newer.');
  });

  it.each([
    ['WordPress', 'Requires at least', '7.2'],
    ['PHP', 'Requires PHP', '8.5'],
  ])('when it needs a newer %s', async (part, line, version) => {
    const path = place('w.zip', makeZip([main({ ...fits, [line]: version })]));
    const { code, message } = await refusal({ plugin: path });
    expect(code).toBe('tooNew');
    expect(message).toContain(`needs ${part} ${version}`);
  });

  it('when the theme is none', async () => {
    const source = { plugin: place('w.zip', makeZip([main()])), theme: place('t.zip', makeZip([main()])) };
    expect((await refusal(source)).code).toBe('notATheme');
  });
});

describe('the settings', () => {
  it('are read from the environment, blank ones as absent', () => {
    expect(readPluginSource({})).toBeUndefined();
    expect(readPluginSource({ URUMI_WOOCOMMERCE_PLUGIN: ' ', URUMI_WOOCOMMERCE_THEME: '/t.zip' })).toBeUndefined();
    expect(readPluginSource({ URUMI_WOOCOMMERCE_PLUGIN: '/w.zip', URUMI_WOOCOMMERCE_THEME: '/t.zip' })).toEqual({
      plugin: '/w.zip',
      sha256: undefined,
      theme: '/t.zip',
      themeSha256: undefined,
    });
  });

  it('leave nothing in the cache when they are wrong', async () => {
    await refusal({ plugin: join(folder, 'none.zip') });
    expect(existsSync(join(folder, 'images/archives')) ? readdirSync(join(folder, 'images/archives')) : []).toEqual([]);
  });
});
