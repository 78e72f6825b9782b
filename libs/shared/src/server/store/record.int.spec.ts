import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../domain/events.ts';
import type { PlanId } from '../../domain/plans.ts';
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

const applied = (generation: number): StoreEvent => ({
  type: 'ReleaseApplied',
  generation,
  chartVersion: '1',
  drift: 0,
});

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

describe('hosts', () => {
  const door = () => openDoor<StoreEvent>(redis);
  const claims = () => redis.hgetall(keys.hosts);

  it('F42: are claimed by one of many wishes at once, before any object exists', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create({ host: 'same.localhost' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await repository.listIds()).toHaveLength(1);
  });

  it('F42: a change takes the new one at once and frees the old one only when the new one is applied', async () => {
    const { id } = (await create({ host: 'old.localhost' })).identity;
    await door().apply(id, applied(1));
    await door().apply(id, { type: 'ChangeRequested', host: 'new.localhost' });
    expect(await claims()).toEqual({ 'old.localhost': id, 'new.localhost': id });
    await expect(create({ host: 'old.localhost' })).rejects.toMatchObject({ code: 'store.host-taken' });
    await door().apply(id, applied(2));
    expect(await claims()).toEqual({ 'new.localhost': id });
  });

  it('F42: of a change that failed or was stopped stay claimed, all of them, until a change is applied or the store is gone', async () => {
    const { id } = (await create({ host: 'a.localhost' })).identity;
    await door().apply(id, applied(1));
    await door().apply(id, { type: 'ChangeRequested', host: 'b.localhost' });
    const failure = { code: 'helm.timed-out', message: '' } as const;
    await door().apply(id, { type: 'GaveUp', generation: 2, failure });
    await door().apply(id, { type: 'ChangeRequested', host: 'c.localhost' });
    await door().apply(id, { type: 'CancelRequested' });
    expect(Object.keys(await claims()).sort()).toEqual(['a.localhost', 'b.localhost', 'c.localhost']);
    await door().apply(id, { type: 'DeletionRequested' });
    expect(Object.keys(await claims())).toHaveLength(3);
    await door().apply(id, { type: 'TeardownStarted', generation: 5 });
    await door().apply(id, { type: 'NamespaceGone', generation: 5 });
    expect(await claims()).toEqual({});
  });

  it('F42: a change to a host that another store has, or may still have, changes nothing', async () => {
    const one = (await create({ host: 'one.localhost' })).identity.id;
    const two = (await create({ host: 'two.localhost' })).identity.id;
    const change = door().apply(one, { type: 'ChangeRequested', host: 'two.localhost', plan: 'L' });
    await expect(change).rejects.toMatchObject({ code: 'store.host-taken' });
    expect((await repository.read(one))?.record.desired).toMatchObject({ generation: 1, plan: 'S' });
    expect(await claims()).toEqual({ 'one.localhost': one, 'two.localhost': two });
  });
});

describe('a record of another release', () => {
  it('F40: of the one before is read with its host in the wish, and written back as today’s', async () => {
    const { id } = (await create({ host: 'old.localhost' })).identity;
    const key = keys.store(id);
    const [identity, desired, attempt, release, observed] = (
      await redis.hmget(key, 'identity', 'desired', 'attempt', 'release', 'observed')
    ).map((text) => JSON.parse(text ?? '') as Record<string, unknown>);
    const without = (section: object | undefined, ...names: string[]) =>
      JSON.stringify(Object.fromEntries(Object.entries(section ?? {}).filter(([name]) => !names.includes(name))));
    await redis.hset(key, {
      schema: 2,
      identity: JSON.stringify({ ...identity, host: 'old.localhost' }),
      desired: without(desired, 'host', 'formerHosts'),
      attempt: without(attempt, 'stepAt'),
      release: without(release, 'host', 'namespaceStart', 'applyStart'),
      observed: without(observed, 'lostUid', 'notes'),
    });
    const read = (await repository.read(id))?.record;
    expect(read?.desired).toMatchObject({ host: 'old.localhost', formerHosts: [] });
    await openDoor<StoreEvent>(redis).apply(id, { type: 'ChangeRequested', host: 'new.localhost' });
    expect(await redis.hget(key, 'schema')).toBe('3');
    expect((await repository.read(id))?.record.desired).toMatchObject({
      host: 'new.localhost',
      formerHosts: ['old.localhost'],
    });
    expect(JSON.parse((await redis.hget(key, 'identity')) ?? '')).not.toHaveProperty('host');
  });

  it('F40: with a code and reasons of a newer one is worked on; its words stay until they are written anew', async () => {
    const { id } = (await create()).identity;
    const key = keys.store(id);
    const door = openDoor<StoreEvent>(redis);
    await new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 2 }).start(id);
    const failure = { code: 'helm.timed-out', message: 'the moon stood wrong' } as const;
    await door.apply(id, applied(1));
    await door.apply(id, { type: 'AttemptFailed', generation: 1, failure, retryInMs: 1, startGivenBack: false });
    await door.apply(id, { ...healthy(1), verdict: 'hindered', reason: 'VolumePending' } as StoreEvent);
    for (const [section, known, unknown] of [
      ['attempt', 'helm.timed-out', 'moon.wrong'],
      ['observed', 'VolumePending', 'MoonWrong'],
      ['status', 'VolumePending', 'MoonWrong'],
    ] as const) {
      const text = (await redis.hget(key, section)) ?? '';
      expect(text).toContain(known);
      await redis.hset(key, section, text.replaceAll(known, unknown));
    }
    const before = await redis.hgetall(key);
    const { record } = (await repository.read(id)) ?? {};
    expect(record?.attempt.lastFailure).toMatchObject({ code: 'helm.unclassified', message: failure.message });
    expect(record?.observed).toMatchObject({ verdict: 'hindered', reason: null });
    expect(record?.status).toMatchObject({ value: 'provisioning', reason: 'AwaitingWorkloads' });

    await door.apply(id, healthy(1));
    const { attempt, ...rest } = await redis.hgetall(key);
    expect(attempt).toBe(before['attempt']);
    expect(JSON.stringify(rest)).not.toContain('MoonWrong');
    expect((await repository.read(id))?.record.status).toMatchObject({ value: 'ready', reason: 'Healthy' });

    await door.apply(id, { type: 'DeletionRequested' });
    await door.apply(id, { type: 'TeardownStarted', generation: 2 });
    await door.apply(id, { type: 'NamespaceGone', generation: 2 });
    expect(await repository.readTombstone(id)).not.toBeNull();
  });

  it('F40: with words that are none is refused, not guessed', async () => {
    const { id } = (await create()).identity;
    for (const reason of [7, null]) {
      await redis.hset(keys.store(id), 'status', JSON.stringify({ value: 'queued', reason, since: 1, settled: false }));
      await expect(repository.read(id)).rejects.toMatchObject({ code: 'invariant.broken' });
    }
  });

  it('F40: of a newer one is touched by nobody: no attempt starts and no wish is taken', async () => {
    const { id } = (await create()).identity;
    await redis.hset(keys.store(id), 'schema', 4);
    const before = await redis.hgetall(keys.store(id));
    const newer = { code: 'record.schema-newer' };
    await expect(repository.read(id)).rejects.toMatchObject(newer);
    const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 2 });
    await expect(keeper.start(id)).rejects.toMatchObject(newer);
    await expect(openDoor<StoreEvent>(redis).apply(id, { type: 'DeletionRequested' })).rejects.toMatchObject(newer);
    expect(await redis.hgetall(keys.store(id))).toEqual(before);
  });
});

describe('timelines', () => {
  it('keep the evidence of trouble, with its try, bounded, and outlive their store', async () => {
    const { id } = (await create()).identity;
    const door = openDoor<StoreEvent>(redis);
    const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 2 });
    await keeper.start(id);
    const failure = { code: 'helm.timed-out', message: 'x'.repeat(5_000) } as const;
    await door.apply(id, { type: 'AttemptFailed', generation: 1, failure, retryInMs: 1, startGivenBack: false });
    const logLines = Array.from({ length: 400 }, (_, n) => `line ${n} ${'y'.repeat(1_000)}`);
    const explanation = { object: 'Pod a', message: 'no image', logLines, events: logLines };
    await door.apply(id, { ...healthy(1), verdict: 'hindered', reason: 'ImagePullFailing', explanation } as StoreEvent);
    await door.apply(id, applied(1));
    await door.apply(id, { ...healthy(1), verdict: 'hindered', reason: 'VolumePending', explanation } as StoreEvent);
    const timeline = await repository.readTimeline(id);
    const failed = timeline.find(({ type }) => type === 'AttemptFailed');
    expect(failed).toMatchObject({ attempt: 1, trouble: { cause: { code: 'helm.timed-out' } } });
    const bad = timeline.findLast(({ type }) => type === 'HealthObserved');
    expect(bad).toMatchObject({ attempt: null, trouble: { cause: { reason: 'VolumePending' } } });
    expect(bad?.trouble?.explanation.logLines.at(-1)).toMatch(/^line 399 /);
    for (const entry of await redis.lrange(keys.timeline(id), 0, -1)) expect(entry.length).toBeLessThan(8_000);

    await door.apply(id, { type: 'DeletionRequested' });
    await door.apply(id, { type: 'TeardownStarted', generation: 2 });
    await door.apply(id, { type: 'NamespaceGone', generation: 2 });
    expect((await repository.readTimeline(id)).find(({ type }) => type === 'AttemptFailed')).toEqual(failed);
    expect((await repository.readTombstone(id))?.explanation).toMatchObject({ object: 'Pod a' });
  });

  it('F44: are bounded, whatever is told', async () => {
    const { id } = (await create()).identity;
    const door = openDoor<StoreEvent>(redis);
    await door.apply(id, applied(1));
    const old = await redis.lrange(keys.timeline(id), 0, -1);
    await redis.rpush(keys.timeline(id), ...Array.from({ length: 250 }, () => old[0] ?? ''));
    for (let n = 0; n < 3; n += 1) {
      const reason = n % 2 === 0 ? 'VolumePending' : 'ImagePullFailing';
      await door.apply(id, { ...healthy(1, `f${n}`), verdict: 'hindered', reason } as StoreEvent);
    }
    expect(await redis.llen(keys.timeline(id))).toBe(200);
  });
});

describe('lengths of steps', () => {
  it('are kept of the first time a store is ready, a bounded number per engine and size', async () => {
    const door = openDoor<StoreEvent>(redis);
    const make = async (plan: PlanId): Promise<void> => {
      const { id } = (await create({ storesMax: 100, plan })).identity;
      await new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 200 }).start(id);
      await door.apply(id, { type: 'NamespaceEnsured', generation: 1, namespaceUid: `uid-${id}` });
      await door.apply(id, applied(1));
      await door.apply(id, healthy(1));
      await door.apply(id, { ...healthy(1, 'bad'), verdict: 'unhealthy', reason: 'PageFailing' } as StoreEvent);
      await door.apply(id, healthy(1, 'again'));
    };
    await make('S');
    const runs = await repository.readStepTimes('medusa', 'S');
    expect(runs).toHaveLength(1);
    expect(Object.keys(runs[0] ?? {})).toEqual(['namespace', 'release', 'database', 'storefront', 'setup', 'page']);
    expect(await repository.readStepTimes('woocommerce', 'S')).toEqual([]);
    await redis.lpush(keys.stepTimes('medusa', 'S'), ...Array.from({ length: 60 }, () => JSON.stringify(runs[0])));
    await make('S');
    expect(await repository.readStepTimes('medusa', 'S')).toHaveLength(50);
    expect(await repository.readStepTimes('medusa', 'L')).toEqual([]);
    await make('L');
    expect(await repository.readStepTimes('medusa', 'L')).toHaveLength(1);
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
