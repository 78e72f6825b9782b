import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, dropDeadWork, dropOldTars, makeWorkFolder } from './cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A finished tar of the given key digit, `age` seconds old. */
function tar(name: string, digit: string, age: number): string {
  const path = join(folder, `${name}-${digit.repeat(16)}.tar`);
  writeFileSync(path, '');
  writeFileSync(`${path}.sha256`, '');
  const at = Date.now() / 1000 - age;
  utimesSync(path, at, at);
  return path;
}

describe('old tars', () => {
  it('go, but for the current one and the newest other', async () => {
    const current = tar('medusa', 'a', 300);
    tar('medusa', 'b', 200);
    tar('medusa', 'c', 100);
    await dropOldTars(folder, { name: 'medusa', current });
    expect(readdirSync(folder).filter((file) => file.endsWith('.tar'))).toEqual([
      `medusa-${'a'.repeat(16)}.tar`,
      `medusa-${'c'.repeat(16)}.tar`,
    ]);
  });

  it('of another name stay, even one that begins alike', async () => {
    const current = tar('medusa', 'a', 0);
    for (const digit of ['b', 'c', 'd']) tar('medusa-server', digit, 100);
    await dropOldTars(folder, { name: 'medusa', current });
    expect(
      readdirSync(folder).filter((file) => file.startsWith('medusa-server') && file.endsWith('.tar')),
    ).toHaveLength(3);
  });
});

describe('work folders', () => {
  it('of dead processes go, those of living ones stay', async () => {
    const mine = await makeWorkFolder(folder);
    // Above the largest pid Linux gives.
    mkdirSync(join(folder, 'work-99999999-abc'));
    await dropDeadWork(folder);
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([mine]);
  });
});

describe('the cache folder', () => {
  it.each<[Record<string, string>, string]>([
    [{ URUMI_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/urumi'],
    [{ URUMI_CACHE: '', XDG_CACHE_HOME: '/x' }, '/x/urumi'],
  ])('of %o is %s', (env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });
});
