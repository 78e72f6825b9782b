/** What the built page weighs and what it may contain. Needs `dist/`, like the shots. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const initialScriptMax = 200_000;
const fontsMax = 60_000;

it('the first load brings under 200 kB of script, compressed', async () => {
  const page = await readFile(`${dist}index.html`, 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(dist + path)).byteLength));
  expect(scripts.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(initialScriptMax);
});

it('the fonts of a Latin page stay under 60 kB', async () => {
  const files = (await readdir(`${dist}assets`)).filter((file) => /-latin-wght-normal.*\.woff2$/.test(file));
  const sizes = await Promise.all(files.map(async (file) => (await readFile(`${dist}assets/${file}`)).byteLength));
  expect(files).toHaveLength(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(fontsMax);
});

it('the page holds nothing inline and asks no other site', async () => {
  const page = await readFile(`${dist}index.html`, 'utf8');
  expect(page).not.toMatch(/<style|style="|<script(?![^>]*\ssrc=)|\son[a-z]+="/);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});
