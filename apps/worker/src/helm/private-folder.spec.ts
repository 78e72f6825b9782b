import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PrivateFolder } from './private-folder.ts';

let parent: string;
const warnings: unknown[] = [];
const logger = { warn: (...line: unknown[]) => void warnings.push(line) };
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'urumi-folders-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

it('F39: folders of workers that are no more go, those of living ones and of others stay', async () => {
  const living = await PrivateFolder.make(parent, logger);
  // This process's number, but begun at another time.
  for (const name of [`urumi-worker-${process.pid}-1-abc`, 'urumi-worker-4194304-7-abc', 'other', 'urumi-worker-old']) {
    await mkdir(join(parent, name));
  }
  const next = await PrivateFolder.make(parent, logger);
  const left = [living.path, next.path].map((path) => path.slice(parent.length + 1));
  expect((await readdir(parent)).toSorted()).toEqual([...left, 'other', 'urumi-worker-old'].toSorted());
  expect(warnings).toEqual([]);
});

it('F39: caches of helm that grew too large are emptied, and nothing else of the folder', async () => {
  const folder = await PrivateFolder.make(parent, logger);
  await mkdir(join(folder.path, 'cache/deep'), { recursive: true });
  await writeFile(join(folder.path, 'kubeconfig'), 'ours');
  await writeFile(join(folder.path, 'cache/deep/small'), 'x');
  await folder.trim();
  expect((await readdir(folder.path)).toSorted()).toEqual(['cache', 'kubeconfig']);
  await writeFile(join(folder.path, 'cache/deep/large'), Buffer.alloc(33_000_000));
  await folder.trim();
  expect(await readdir(folder.path)).toEqual(['kubeconfig']);
});
