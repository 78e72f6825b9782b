import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestRedis, type RedisSettings, type TestRedis } from '../../testing/redis.ts';
import { buildLogger } from '../ops/logger.ts';
import { connectFailFast, waitUntilReady } from './connection.ts';
import { checkDurability, explainUnsafe, requireDurableRedis, type UnsafeRedisError } from './durability.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const logger = buildLogger('test', 'silent');

async function open(settings: RedisSettings = {}) {
  const server = await startTestRedis(settings);
  cleanUps.push(() => server.stop());
  return { server, ...connect(server) };
}

function connect(server: TestRedis) {
  const redis = connectFailFast(server.url);
  cleanUps.push(() => redis.disconnect());
  const registry = new Registry();
  const refusals: UnsafeRedisError[] = [];
  const require = (allowUnsafe: boolean, patienceMs = 5_000) => {
    const onRefused = (error: UnsafeRedisError): void => void refusals.push(error);
    return requireDurableRedis({ redis, allowUnsafe, logger, registry, patienceMs, onRefused });
  };
  return { redis, registry, refusals, require };
}

it('names every setting to change in one sentence', () => {
  const sentence = explainUnsafe(new Map([['appendonly', 'no']])) ?? '';
  for (const part of ['appendonly to yes (it is no', 'appendfsync to always (it is unknown', 'REDIS_ALLOW_UNSAFE']) {
    expect(sentence).toContain(part);
  }
});

describe('the start', () => {
  it.each<[string, RedisSettings]>([
    ['appendonly', { appendonly: 'no' }],
    ['appendfsync', { appendfsync: 'everysec' }],
    ['maxmemory-policy', { 'maxmemory-policy': 'allkeys-lru' }],
  ])('F12: is refused where %s is wrong, and accepted on request', async (name, settings) => {
    const { require, registry } = await open(settings);
    await expect(require(false)).rejects.toThrow(new RegExp(`set ${name} to`));
    registry.clear();
    await require(true);
    expect(await registry.metrics()).toContain('urumi_redis_durable 0');
  });

  it('F12: goes on where Redis is durable', async () => {
    const { require, registry } = await open({ maxmemory: '64mb' });
    await require(false);
    const text = await registry.metrics();
    expect(text).toContain('urumi_redis_durable 1');
    expect(Number(/^urumi_redis_memory_used_ratio (.+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  });

  it('F12: is refused where the settings cannot be read, with what to do', async () => {
    const { server, redis } = await open();
    await waitUntilReady(redis, 5_000);
    await redis.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const limited = connectFailFast(server.url.replace('//', '//app:secret@'));
    cleanUps.push(() => limited.disconnect());
    await waitUntilReady(limited, 5_000);
    expect(await checkDurability(limited)).toMatch(/CONFIG GET: NOPERM.*REDIS_ALLOW_UNSAFE=true/);
  });

  it('F12: without Redis goes on, and is refused as soon as an unsafe one answers', async () => {
    const { server, require, refusals } = await open({ appendfsync: 'everysec' });
    await server.kill();
    await require(false, 50);
    expect(refusals).toEqual([]);
    await server.restart();
    await expect.poll(() => refusals.map(({ message }) => message), { timeout: 5_000 }).toHaveLength(1);
    expect(refusals[0]?.message).toContain('appendfsync');
  });
});

it('F12: a service that runs is not ended by settings that change, it shows them', async () => {
  const { server, redis, require, refusals, registry } = await open();
  await require(false);
  await server.restart({ appendfsync: 'everysec' });
  await expect.poll(async () => redis.ping().catch(() => null), { timeout: 5_000 }).toBe('PONG');
  expect(await registry.metrics()).toContain('urumi_redis_durable 0');
  expect(refusals).toEqual([]);
});
