import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../domain/events.ts';
import { generateStoreId } from '../../domain/store-id.ts';
import type { StoreRecord } from '../../domain/store.ts';
import { healthy } from '../../testing/records.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { LeaseKeeper } from '../lease/lease.ts';
import { connectFailFast, waitUntilReady } from '../redis/connection.ts';
import { createStore, type CreateStore } from './creation.ts';
import { openDoor } from './door.ts';
import { keys } from './keys.ts';
import { StoreRepository } from './repository.ts';

let server: TestRedis;
let redis: Redis;
let repository: StoreRepository;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 5_000);
  await redis.flushall();
  repository = new StoreRepository(redis);
  await repository.openGate();
});
afterEach(() => redis.disconnect());

function wish(changes: Partial<CreateStore> = {}): CreateStore {
  const id = changes.id ?? generateStoreId();
  return {
    id,
    owner: 'admin',
    actor: 'admin',
    name: `Shop ${id}`,
    engine: 'medusa',
    plan: 'S',
    host: `${id}.localhost`,
    storesMax: 50,
    idempotency: null,
    ...changes,
  };
}

const create = async (changes: Partial<CreateStore> = {}): Promise<StoreRecord> =>
  (await createStore(redis, wish(changes))).record;

describe('creating', () => {
  it('of 20 concurrent wishes with one name exactly one wins, the others learn whose it is', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create({ name: 'Same' })));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const winner = won[0]?.value.identity.id;
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'store.name-taken', details: { storeId: winner } });
      }
    }
    expect(await repository.listIds()).toEqual([winner]);
  });

  it('50 equal requests with one key make one store and get the same answer', async () => {
    const idempotency = { key: 'key-1', bodyHash: 'body-1' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => createStore(redis, wish({ name: 'Keyed', idempotency }))),
    );
    for (const answer of answers) expect(answer.record).toEqual(answers[0]?.record);
    expect(await repository.listIds()).toHaveLength(1);
    await expect(create({ name: 'Keyed', idempotency: { key: 'key-1', bodyHash: 'other' } })).rejects.toMatchObject({
      code: 'idempotency.key-reused',
    });
  });

  it('refuses a taken host and one store too many, with the numbers', async () => {
    await create({ host: 'a.localhost', storesMax: 2 });
    await expect(create({ host: 'a.localhost' })).rejects.toMatchObject({ code: 'store.host-taken' });
    await create({ storesMax: 2 });
    await expect(create({ storesMax: 2 })).rejects.toMatchObject({
      code: 'quota.stores-exceeded',
      details: { stores: 2, storesMax: 2 },
    });
  });

  it('is refused while the gate is shut, and leaves nothing', async () => {
    await redis.flushall();
    await expect(create()).rejects.toMatchObject({ code: 'records.rebuilding' });
    expect(await redis.keys('*')).toEqual([]);
  });
});

describe('the lease', () => {
  const keeper = (): LeaseKeeper => new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 2 });

  it('is held by one attempt only, with fences that grow', async () => {
    const { identity } = await create();
    const starts = await Promise.all(Array.from({ length: 10 }, () => keeper().start(identity.id)));
    const held = starts.filter((start) => start.outcome === 'held');
    expect(held).toHaveLength(1);
    expect(starts.filter((start) => start.outcome === 'busy')).toHaveLength(9);

    const door = openDoor<Extract<StoreEvent, { type: 'AttemptEnded' }>>(redis);
    await door.apply(identity.id, { type: 'AttemptEnded' }, { fence: 1, endLease: true });
    expect(await keeper().start(identity.id)).toMatchObject({ outcome: 'held', fence: 2 });
  });

  it('a late event of an old attempt changes nothing', async () => {
    const { identity } = await create();
    await keeper().start(identity.id);
    await redis.del(keys.lease(identity.id));
    const door = openDoor<StoreEvent>(redis);
    const late = door.apply(identity.id, { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'u' }, { fence: 1 });
    await expect(late).rejects.toMatchObject({ code: 'lease.lost' });
    expect((await repository.read(identity.id))?.record.release.namespaceUid).toBeNull();
    expect(await keeper().renew(identity.id, 1, 'admin')).toEqual({ held: false });
  });

  it('a renewal returns the newest wish', async () => {
    const { identity } = await create();
    await keeper().start(identity.id);
    await openDoor<StoreEvent>(redis).apply(identity.id, { type: 'DeletionRequested' });
    expect(await keeper().renew(identity.id, 1, 'admin')).toMatchObject({
      held: true,
      desired: { intent: 'absent', generation: 2 },
    });
  });

  it('keeps an owner below the running cap', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, async () => (await create()).identity.id));
    const outcomes: string[] = [];
    for (const id of ids) outcomes.push((await keeper().start(id)).outcome);
    expect(outcomes).toEqual(['held', 'held', 'busy']);
  });
});

describe('changing', () => {
  it('keeps indexes, feed and timeline in step, and leaves only a tombstone and the feed after deletion', async () => {
    const { identity } = await create({ name: 'Short Life' });
    const { id } = identity;
    const door = openDoor<StoreEvent>(redis);
    const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 9 });
    expect((await repository.listOwedIds()).ids).toEqual([id]);
    await keeper.start(id);
    await door.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '1', drift: 0 }, { fence: 1 });
    await door.apply(id, { type: 'AttemptEnded' }, { fence: 1, endLease: true });
    expect((await repository.listOwedIds()).ids).toEqual([]);
    await door.apply(id, healthy(1));
    expect(await repository.countByStatus('admin')).toMatchObject({ ready: 1, queued: 0 });

    await door.apply(id, { type: 'DeletionRequested' }, { actor: 'admin' });
    await keeper.start(id);
    await door.apply(id, { type: 'TeardownStarted', generation: 2 }, { fence: 2, endLease: true });
    await door.apply(id, { type: 'NamespaceGone', generation: 2 });

    expect(await repository.read(id)).toBeNull();
    expect(await repository.readTombstone(id)).toMatchObject({ identity: { id }, generation: 2 });
    const left = (await redis.keys('*')).filter((key) => key.includes(id)).sort();
    expect(left).toEqual([keys.timeline(id), keys.tombstone(id)]);
    for (const key of left) expect(await redis.ttl(key)).toBeGreaterThan(29 * 24 * 3600);
    expect((await repository.readTimeline(id)).at(-1)).toMatchObject({ type: 'NamespaceGone' });
    expect(await repository.countByStatus('admin')).toMatchObject({ ready: 0, deleting: 0, deleted: 0 });
    expect((await repository.readActivity('admin', { limit: 10 })).entries.map((entry) => entry.type)).toEqual([
      'NamespaceGone',
      'DeletionRequested',
      'HealthObserved',
      'StoreRequested',
    ]);
    await create({ name: 'Short Life' });
  });

  it('concurrent events are all folded in', async () => {
    const { identity } = await create();
    const door = openDoor<StoreEvent>(redis);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        door.apply(identity.id, { ...healthy(1, `f${n}`), verdict: 'progressing' } as StoreEvent),
      ),
    );
    expect((await redis.hget(keys.store(identity.id), 'version')) ?? '').toBe('9');
  });
});

describe('listing', () => {
  it('pages newest first without gaps, also when the cursor store is gone', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      ids.unshift((await create()).identity.id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const first = await repository.list({ owner: 'admin', limit: 3 });
    expect(first.records.map((record) => record.identity.id)).toEqual(ids.slice(0, 3));
    await redis.zrem(keys.ownerStores('admin'), ids[2] ?? '');
    const second = await repository.list({ owner: 'admin', limit: 10, cursor: first.nextCursor ?? '' });
    expect(second.records.map((record) => record.identity.id)).toEqual(ids.slice(3));
    expect(second.nextCursor).toBeNull();
  });

  it('filters by status, engine and part of the name, per owner', async () => {
    await create({ name: 'Harbour Coffee' });
    await create({ name: 'Tea House' });
    await create({ name: 'Coffee of another', owner: 'other' });
    const found = await repository.list({
      owner: 'admin',
      q: 'COFFEE',
      status: ['queued'],
      engine: 'medusa',
      limit: 10,
    });
    expect(found.records.map((record) => record.identity.name)).toEqual(['Harbour Coffee']);
    expect((await repository.list({ owner: 'admin', status: ['ready'], limit: 10 })).records).toEqual([]);
  });
});

describe('Redis away', () => {
  // The promise is a second and the commands' own deadline is below it; the rest is for a busy machine.
  it('answers unavailable soon and is back with Redis', async () => {
    const { identity } = await create();
    await server.kill();
    const began = performance.now();
    await expect(create()).rejects.toMatchObject({ code: 'redis.unavailable' });
    expect(performance.now() - began).toBeLessThan(3_000);
    await server.restart();
    await expect
      .poll(async () => (await repository.read(identity.id).catch(() => null)) !== null, { timeout: 5_000 })
      .toBe(true);
  });
});
