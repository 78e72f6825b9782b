import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkerEvent } from '../../domain/events.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { LeaseKeeper } from '../lease/lease.ts';
import { createStore } from '../store/creation.ts';
import { openDoor } from '../store/door.ts';
import { StoreRepository } from '../store/repository.ts';
import { connectFailFast, waitUntilReady } from './connection.ts';
import { isFull, MemoryReader, parseUse } from './memory.ts';

const maxBytes = 16 * 1024 * 1024;
let server: TestRedis;
let redis: ReturnType<typeof connectFailFast>;
beforeAll(async () => {
  server = await startTestRedis({ maxmemory: String(maxBytes) });
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 5_000);
  await new StoreRepository(redis).openGate();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const wish = (id: string) =>
  createStore(redis, {
    id,
    owner: 'admin',
    actor: 'admin',
    name: `Shop ${id}`,
    engine: 'medusa',
    plan: 'S',
    host: `${id}.localhost`,
    storesMax: 9,
    idempotency: null,
  });

/** Fills memory to the last kilobyte with keys of its own. */
async function fillUp(): Promise<void> {
  for (const bytes of [100_000, 1_000]) {
    for (let part = 0; ; part += 1) {
      const answer = await redis.set(`filling:${bytes}:${part}`, 'x'.repeat(bytes)).catch(String);
      if (answer !== 'OK') break;
    }
  }
}

it.each([
  ['used_memory:800\r\nmaxmemory:1000\r\n', 0.8, true],
  ['used_memory:799\r\nmaxmemory:1000\r\n', 0.799, false],
  ['used_memory:799\r\nmaxmemory:0\r\n', 0, false],
])('%j is a use of %d', (text, ratio, full) => {
  const use = parseUse(text);
  expect([use.ratio, isFull(use)]).toEqual([ratio, full]);
});

it('is read once for many askers', async () => {
  const reader = new MemoryReader(redis);
  const [first, second] = await Promise.all([reader.read(), reader.read()]);
  expect(second).toBe(first);
  expect(first.maxBytes).toBe(maxBytes);
});

it('F12: at the very limit a running attempt keeps its lease and ends, new work is refused as full', async () => {
  await wish('abcd1234');
  const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 5 });
  const start = await keeper.start('abcd1234');
  if (start.outcome !== 'held') throw new Error(start.outcome);
  await fillUp();
  await expect(wish('other123')).rejects.toMatchObject({ code: 'redis.full', kind: 'unavailable' });
  expect(await keeper.renew('abcd1234', start.fence, 'admin')).toMatchObject({ held: true });
  const door = openDoor<WorkerEvent>(redis);
  const ended = await door.apply('abcd1234', { type: 'AttemptEnded' }, { fence: start.fence, endLease: true });
  expect(ended.outcome).toBe('applied');
});
