import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CreatesPause } from '../../domain/pause.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { connectFailFast, waitUntilReady } from '../redis/connection.ts';
import { CreatesPauses } from './creates-pause.ts';
import { keys } from './keys.ts';

let server: TestRedis;
let redis: ReturnType<typeof connectFailFast>;
let pauses: CreatesPauses;
beforeAll(async () => {
  server = await startTestRedis();
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 5_000);
  pauses = new CreatesPauses(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

const pause: CreatesPause = { engine: 'medusa', cause: 'ImagePullFailing', since: 1, stores: 3, probeEveryMs: 400 };
const begin = async (changes: Partial<CreatesPause> = {}) =>
  pauses.change(await pauses.read('medusa'), { ...pause, ...changes });

it('without a pause every create goes on', async () => {
  expect(await pauses.admit('medusa', 'a')).toEqual({ kind: 'goes-on' });
});

it('with one, creates of that engine wait and are told how long and why; those of another go on', async () => {
  expect(await begin()).toBe(true);
  const answer = await pauses.admit('medusa', 'a');
  expect(answer).toMatchObject({ kind: 'waits', pause });
  expect(answer.kind === 'waits' && answer.inMs > 0 && answer.inMs <= 400).toBe(true);
  expect(await pauses.admit('woocommerce', 'b')).toEqual({ kind: 'goes-on' });
});

it('in each span of time exactly one of many may try, and may say so again', async () => {
  await begin();
  for (let round = 0; round < 2; round += 1) {
    await expect.poll(async () => (await redis.exists(keys.createsProbe('medusa'))) === 0).toBe(true);
    const ids = ['a', 'b', 'c', 'd', 'e'].map((id) => `${id}${round}`);
    const answers = await Promise.all(ids.map((id) => pauses.admit('medusa', id)));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['probe', 'waits', 'waits', 'waits', 'waits']);
    const chosen = ids[answers.findIndex(({ kind }) => kind === 'probe')] ?? '';
    expect(await pauses.admit('medusa', chosen)).toEqual({ kind: 'probe' });
  }
});

it('of two that read the same one changes it', async () => {
  const seen = await pauses.read('medusa');
  const answers = await Promise.all([pauses.change(seen, pause), pauses.change(seen, { ...pause, stores: 4 })]);
  expect(answers).toEqual([true, false]);
  expect(await pauses.change(seen, null)).toBe(false);
  expect((await pauses.read('medusa')).pause).toEqual(pause);
});

it('once lifted, all go on, also where one had just tried', async () => {
  await begin();
  expect(await pauses.change(await pauses.read('medusa'), null)).toBe(true);
  expect(await pauses.admit('medusa', 'a')).toEqual({ kind: 'goes-on' });
  expect(await redis.keys('urumi:pause:*')).toEqual([]);
});

it('expires unless it is held up, and holding it up gives no further place to try', async () => {
  await begin({ probeEveryMs: 60_000 });
  await redis.pexpire(keys.createsPause('medusa'), 500);
  const seen = await pauses.read('medusa');
  expect(await pauses.change(seen, seen.pause)).toBe(true);
  expect(await redis.pttl(keys.createsPause('medusa'))).toBeGreaterThan(60_000);
  expect((await pauses.admit('medusa', 'a')).kind).toBe('waits');
  await redis.pexpire(keys.createsPause('medusa'), 50);
  await sleep(100);
  expect(await pauses.admit('medusa', 'a')).toEqual({ kind: 'goes-on' });
});
