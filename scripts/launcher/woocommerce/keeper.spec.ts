import { setTimeout as sleep } from 'node:timers/promises';
import { PluginArchiveError, type CheckedPlugin } from '@urumi/images/plugin-archive';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeState, keepEngine, type EngineState } from './keeper.ts';
import type { Settings } from './settings.ts';

const none: Settings = { kind: 'none', key: '' };
const given = (version: string): Settings => ({ kind: 'given', key: version, source: { plugin: version } });
const preparing = expect.stringContaining('being prepared');

let settings: Settings;
let states: EngineState[];
let lines: string[];
let provided: string[];
let ending: AbortController;
let redisIsAway: boolean;
let fault: Error | null;
let slowly: Promise<void> | null;
let ended: Promise<void>;
let first: Promise<EngineState>;

beforeEach(() => {
  settings = none;
  states = [];
  lines = [];
  provided = [];
  ending = new AbortController();
  redisIsAway = false;
  fault = null;
  slowly = null;
});
afterEach(async () => {
  ending.abort();
  await ended;
});

function start(): void {
  ({ first, ended } = keepEngine({
    look: async () => settings,
    check: async ({ plugin }): Promise<CheckedPlugin> => {
      if (fault !== null) throw fault;
      return { version: plugin, sha256: 'a' };
    },
    provide: async ({ version }, signal) => {
      if (slowly !== null)
        await Promise.race([slowly, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
      provided.push(version);
    },
    publish: async (state) => {
      if (redisIsAway) throw new Error('Redis is away');
      states.push(state);
    },
    instruction: 'Name it there.',
    say: (line) => lines.push(line),
    signal: ending.signal,
    pauses: { pollMs: 5, retryMs: 40 },
  }));
}

const until = (matching: Partial<Record<keyof EngineState, unknown>>) =>
  vi.waitFor(() => expect(states.at(-1)).toMatchObject(matching), { timeout: 2_000, interval: 5 });

describe('WooCommerce', () => {
  it('is unavailable without an archive, and says how to give it', async () => {
    start();
    const reason = 'The archive of the WooCommerce plugin was not given. Name it there.';
    await until({ available: false, reason, version: null });
    expect(await first).toMatchObject({ reason });
    await sleep(30);
    expect(lines).toEqual([`WooCommerce unavailable: ${reason}`]);
    expect(states).toHaveLength(1);
  });

  it('becomes available when an archive is given, and unavailable when it is taken away', async () => {
    start();
    await until({ available: false });
    settings = given('11.0.1');
    await until({ available: true, reason: null, version: '11.0.1' });
    expect(lines).toEqual([expect.stringContaining('not given'), preparing, 'WooCommerce available (11.0.1)']);
    settings = none;
    await until({ available: false, version: null });
    expect(provided).toEqual(['11.0.1']);
  });

  it('names a faulty archive once, and takes up the corrected one', async () => {
    fault = new PluginArchiveError('corrupt', 'The plugin archive is no zip: give a whole one.');
    settings = given('bad');
    start();
    await until({ available: false, reason: 'The plugin archive is no zip: give a whole one.' });
    await sleep(60);
    expect(lines.filter((line) => line.includes('no zip'))).toHaveLength(1);
    fault = null;
    settings = given('11.0.1');
    await until({ available: true });
  });

  it('has a state although it is ended before its first look', async () => {
    ending.abort();
    start();
    expect(await first).toMatchObject({ available: false });
  });

  it('names a faulty file', async () => {
    settings = { kind: 'faulty', key: 'x', sentence: 'woocommerce.json is not JSON.' };
    start();
    await until({ available: false, reason: 'woocommerce.json is not JSON.' });
  });

  it.each([
    ['an address that does not answer', new PluginArchiveError('unreachable', 'It cannot be fetched.')],
    ['a failed build', new Error('out of disk')],
  ])('tries again by itself after %s', async (_what, error) => {
    fault = error;
    settings = given('11.0.1');
    start();
    await until({ available: false, reason: expect.stringContaining(error.message) });
    fault = null;
    await until({ available: true });
  });

  it('goes on with the older version while a newer one is prepared', async () => {
    settings = given('10.9');
    start();
    await until({ available: true, version: '10.9' });
    let finish = (): void => undefined;
    slowly = new Promise((resolve) => (finish = resolve));
    settings = given('11.0.1');
    await sleep(30);
    expect(states.at(-1)).toMatchObject({ available: true, version: '10.9' });
    finish();
    await until({ available: true, version: '11.0.1' });
  });

  it('gives up what it was preparing when the settings change', async () => {
    slowly = new Promise(() => undefined);
    settings = given('10.9');
    start();
    await until({ available: false, reason: preparing });
    slowly = null;
    settings = given('11.0.1');
    await until({ available: true, version: '11.0.1' });
    expect(provided).toEqual(['11.0.1']);
  });

  it('tells its state as soon as Redis takes it', async () => {
    redisIsAway = true;
    start();
    await sleep(20);
    expect(states).toEqual([]);
    redisIsAway = false;
    await until({ available: false });
  });

  it.each<[EngineState, string]>([
    [{ available: true, reason: null, version: '11.0.1' }, 'WooCommerce available (11.0.1)'],
    [{ available: false, reason: 'Not given.', version: null }, 'WooCommerce unavailable: Not given.'],
  ])('is told in a line', (state, line) => expect(describeState(state)).toBe(line));
});
