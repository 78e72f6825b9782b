import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { findingLifeMs } from '../../domain/protection.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { connectFailFast, waitUntilReady } from '../redis/connection.ts';
import { keys } from './keys.ts';
import { ProtectionBoard } from './protection-board.ts';

let server: TestRedis;
let redis: ReturnType<typeof connectFailFast>;
let board: ProtectionBoard;
beforeAll(async () => {
  server = await startTestRedis();
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 5_000);
  board = new ProtectionBoard(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

it('findings of workers that are gone are not kept for ever, and the whole goes with the last worker', async () => {
  const old = { checkedAt: 1, admissionPolicies: 'missing', networkPolicies: 'missing' };
  await redis.hset(keys.protection, 'killed', JSON.stringify(old));
  await board.write('alive', { admissionPolicies: 'enforced', networkPolicies: 'enforced' });
  expect(await redis.hkeys(keys.protection)).toEqual(['alive']);
  expect(await redis.pttl(keys.protection)).toBeGreaterThan(findingLifeMs - 60_000);
  await board.remove('alive');
  expect(await redis.exists(keys.protection)).toBe(0);
});

it('an api that listens is known for a while', async () => {
  expect(await board.isApiListening()).toBe(false);
  await board.sayListening();
  expect(await board.isApiListening()).toBe(true);
  expect(await redis.pttl(keys.apiListens)).toBeGreaterThan(0);
});
