import { setImmediate as immediately } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../domain/events.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { createStore } from '../store/creation.ts';
import { openDoor } from '../store/door.ts';
import { keys } from '../store/keys.ts';
import { StoreRepository } from '../store/repository.ts';
import { connectBlocking, connectFailFast, waitUntilReady } from './connection.ts';

let server: TestRedis;
let redis: ReturnType<typeof connectFailFast>;
let repository: StoreRepository;
beforeAll(async () => {
  // A replica need not wait for others to be copied to as well.
  server = await startTestRedis({ 'repl-diskless-sync-delay': '0' });
  redis = connectFailFast(server.url);
  repository = new StoreRepository(redis);
  await waitUntilReady(redis, 5_000);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const id = 'abcd1234';
const store = {
  id,
  owner: 'admin',
  actor: 'admin',
  name: 'Shop',
  engine: 'medusa',
  plan: 'S',
  host: `${id}.localhost`,
  storesMax: 9,
  idempotency: null,
} as const;

const shut = { code: 'records.rebuilding' };

async function connectAnew() {
  const other = connectFailFast(server.url);
  await waitUntilReady(other, 5_000);
  return other;
}

describe('the gate', () => {
  beforeEach(async () => {
    await expect.poll(() => redis.ping().catch(() => null), { timeout: 5_000 }).toBe('PONG');
    await redis.del(keys.store(id), keys.names('admin'), keys.hosts, keys.stores, keys.ownerStores('admin'));
    await repository.openGate();
  });

  it('stays open for everybody who connects to the same run', async () => {
    const other = await connectAnew();
    await createStore(other, store);
    other.disconnect();
    expect(await repository.isGateOpen()).toBe(true);
  });

  it('F10: is shut for the first write after Redis was killed, and every later one', async () => {
    await createStore(redis, store);
    await server.restart();
    // Asked without a pause: the first write that reaches the new run must not get through.
    const door = openDoor<ApiEvent>(redis);
    const codes = new Set<string>();
    for (let answered = 0; answered < 5; await immediately()) {
      const answer: unknown = await door.apply(id, { type: 'DeletionRequested' }).catch((error: unknown) => error);
      const code = (answer as { code?: string }).code ?? 'applied';
      codes.add(code);
      if (code !== 'redis.unavailable') answered += 1;
    }
    expect(codes.has('records.rebuilding')).toBe(true);
    expect(codes.has('applied')).toBe(false);
  });

  it('F10: is shut where an old copy comes back with the gate in it', async () => {
    const copy = await server.copy();
    await createStore(redis, store);
    await server.restore(copy);
    const other = await connectAnew();
    expect(await other.exists(keys.store(id))).toBe(0);
    await expect(createStore(other, store)).rejects.toMatchObject(shut);
    other.disconnect();
  });

  it('F13: is shut where a replica was promoted, also for who was connected to it before', async () => {
    const replica = await startTestRedis({ replicaof: `127.0.0.1 ${server.port}` });
    const early = connectFailFast(replica.url);
    // An administrator's connection writes no records, so it greets nobody.
    const admin = connectBlocking(replica.url);
    await expect.poll(() => admin.exists(keys.gate), { timeout: 5_000 }).toBe(1);
    server.signal('SIGSTOP');
    expect(await admin.call('REPLICAOF', 'NO', 'ONE')).toBe('OK');
    await expect
      .poll(() => createStore(early, store).catch((error: unknown) => (error as { code: string }).code), {
        timeout: 5_000,
      })
      .toBe('records.rebuilding');
    server.signal('SIGCONT');
    for (const connection of [early, admin]) connection.disconnect();
    await replica.stop();
  });

  it('F13: is shut where a primary was a replica for a while, for who stayed connected to it', async () => {
    const other = await startTestRedis({ 'repl-diskless-sync-delay': '0' });
    const there = connectFailFast(other.url);
    await waitUntilReady(there, 5_000);
    await new StoreRepository(there).openGate();
    await there.set('from-there', '1');
    const admin = connectBlocking(server.url);
    await admin.call('REPLICAOF', '127.0.0.1', String(other.port));
    await expect.poll(() => admin.exists('from-there'), { timeout: 5_000 }).toBe(1);
    await expect(createStore(redis, store)).rejects.toThrow();
    await admin.call('REPLICAOF', 'NO', 'ONE');
    await expect
      .poll(() => createStore(redis, store).catch((error: unknown) => (error as { code: string }).code), {
        timeout: 5_000,
      })
      .toBe('records.rebuilding');
    for (const connection of [there, admin]) connection.disconnect();
    await other.stop();
  });
});

it('F10: a command whose connection broke is not sent again to the next run', async () => {
  await expect.poll(() => redis.ping().catch(() => null), { timeout: 5_000 }).toBe('PONG');
  server.signal('SIGSTOP');
  const answer = redis.set('sent-before', '1').catch((error: unknown) => error);
  await server.restart();
  expect(await answer).toBeInstanceOf(Error);
  await expect.poll(() => redis.ping().catch(() => null), { timeout: 5_000 }).toBe('PONG');
  expect(await redis.exists('sent-before')).toBe(0);
});
