import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ValuesFile } from './values-file.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'urumi-values-'));
  path = join(folder, 'values.json');
});
afterAll(() => rm(folder, { recursive: true }));
const write = (value: unknown) => writeFile(path, JSON.stringify(value));

describe('the file of values for every shop', () => {
  it('is read anew for each release', async () => {
    await write({ woocommerce: {} });
    const file = await ValuesFile.open(path, { error: vi.fn() });
    await write({ woocommerce: { template: 'woocommerce-11.0.1-en_US-0a1b2c3d' } });
    expect(await file.read()).toEqual({ woocommerce: { template: 'woocommerce-11.0.1-en_US-0a1b2c3d' } });
  });

  it('that became unusable counts as it was, and the log says so', async () => {
    await write({ shop: { currency: 'EUR' } });
    const error = vi.fn();
    const file = await ValuesFile.open(path, { error });
    await write({ engine: 'medusa' });
    expect(await file.read()).toEqual({ shop: { currency: 'EUR' } });
    await rm(path);
    expect(await file.read()).toEqual({ shop: { currency: 'EUR' } });
    expect(error).toHaveBeenCalledTimes(2);
  });

  it('that is unusable at the start is refused by its name', async () => {
    await write({ engine: 'medusa' });
    await expect(ValuesFile.open(path, { error: vi.fn() })).rejects.toThrow(path);
  });

  it('need not be', async () => {
    expect(await (await ValuesFile.open(undefined, { error: vi.fn() })).read()).toEqual({});
  });
});
