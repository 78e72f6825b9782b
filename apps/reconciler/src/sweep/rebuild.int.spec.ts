/** A Redis that comes back with less than it had: what the records say afterwards, and when work may go on. */
import type { StoreRecord } from '@urumi/shared/domain/store';
import { connectBlocking, connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { TcpProxy } from '@urumi/shared/testing/tcp-proxy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawNamespace } from '../testing/objects.ts';
import { toStampText } from '../testing/records.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { World } from '../testing/world.ts';

const id = 'abcd1234';
const later = 'late1234';

let redis: TestRedis;
let world: World;
beforeEach(async () => {
  redis = await startTestRedis({ 'repl-diskless-sync-delay': '0' });
});
afterEach(async () => {
  await world.close();
  await redis.stop();
});

/** A world on this Redis, with the gate open and nobody reconciling yet. */
async function openWorld(url = redis.url): Promise<void> {
  world = new World({ ...redis, url });
  await world.open();
}

const keeper = () => new LeaseKeeper(world.redis, { leaseMs: 300, runningPerOwnerMax: 10 });

/** One attempt as a worker makes it: lease and fence, then the stamp, then what helm did. */
async function attempt(storeId: string): Promise<StoreRecord> {
  const start = await waitUntil(
    () => keeper().start(storeId),
    ({ outcome }) => outcome === 'held',
    { what: `a lease on ${storeId}` },
  );
  if (start.outcome !== 'held') throw new Error(start.outcome);
  const { generation } = start.record.desired;
  const uid = world.cluster.put('namespaces', rawNamespace(storeId, toStampText(start.record, start.fence))).metadata
    .uid;
  const said = { fence: start.fence };
  await world.worker.apply(storeId, { type: 'NamespaceEnsured', generation, namespaceUid: uid ?? '' }, said);
  await world.worker.apply(storeId, { type: 'ReleaseApplied', generation, chartVersion: '0.1.0', drift: 0 }, said);
  await world.worker.apply(storeId, { type: 'AttemptEnded' }, { ...said, endLease: true });
  return world.record(storeId);
}

const untilAnswering = () => waitUntil(() => world.redis.ping().catch(() => null), Boolean);

const untilOpen = () =>
  waitUntil(() => world.repository.isGateOpen().catch(() => false), Boolean, { what: 'an open gate' });

describe('a Redis that was killed', () => {
  it('F10: has every request that was accepted, each once', async () => {
    await openWorld();
    const accepted: string[] = [];
    const asked = Array.from({ length: 60 }, async (_, index) => {
      // One after another, so that the kill comes between some of them.
      await new Promise((resolve) => setTimeout(resolve, 2 * index));
      const storeId = `k${String(index).padStart(7, '0')}`;
      await world.request(storeId);
      accepted.push(storeId);
    });
    const settled = Promise.allSettled(asked);
    await waitUntil(
      () => accepted.length,
      (length) => length >= 10,
    );
    await redis.kill();
    await settled;
    await redis.restart();
    await untilAnswering();
    const listed = await world.repository.listIds();
    expect(accepted.length).toBeLessThan(asked.length);
    expect(listed).toEqual(expect.arrayContaining(accepted));
    expect(new Set(Object.values(await world.redis.hgetall('urumi:names:admin'))).size).toBe(listed.length);
  });

  it('F10: whose file lost its end has its records raised by the stamps, none doubled, before work goes on', async () => {
    await openWorld();
    await world.request(id);
    await attempt(id);
    const size = await redis.fileSize();
    const stamped = await attempt(id);
    // Into the middle of the transaction that began the second attempt: Redis drops what is not whole.
    await redis.cutTo(size + 40);
    await untilAnswering();
    expect((await world.record(id)).attempt.fence).toBe(stamped.attempt.fence - 1);
    await expect(keeper().start(id)).rejects.toMatchObject({ code: 'records.rebuilding' });
    world.startReconciler();
    await untilOpen();
    const record = await world.record(id);
    expect(record.attempt.fence).toBe(stamped.attempt.fence);
    expect(await world.repository.listIds()).toEqual([id]);
    expect((await attempt(id)).attempt.fence).toBe(stamped.attempt.fence + 1);
  });
});

describe('an old copy that still holds an open gate', () => {
  it('F10: is compared with the stamps first: newer wishes and fences come back, later stores are listed again', async () => {
    await openWorld();
    await world.request(id);
    await attempt(id);
    const copy = await redis.copy();
    for (let round = 0; round < 3; round += 1) await attempt(id);
    await world.request(later);
    const newest = { [id]: await attempt(id), [later]: await attempt(later) };
    await redis.restore(copy);
    await untilAnswering();
    expect((await world.record(id)).attempt.fence).toBe(1);
    // Nobody may begin with an old fence, however early.
    await expect(keeper().start(id)).rejects.toMatchObject({ code: 'records.rebuilding' });
    world.startReconciler();
    await untilOpen();
    for (const [storeId, known] of Object.entries(newest)) {
      const record = await world.record(storeId);
      expect([record.desired, record.attempt.fence]).toEqual([known.desired, known.attempt.fence]);
    }
    expect(await world.metric('urumi_reconciler_adoptions_total', { outcome: 'raised' })).toBe(1);
    expect(await world.metric('urumi_reconciler_adoptions_total', { outcome: 'adopted' })).toBe(1);
  });

  it('F10: does not let an attempt of before go on beside one of after, though both have the same fence', async () => {
    await openWorld();
    await world.request(id);
    const copy = await redis.copy();
    const early = await keeper().start(id);
    if (early.outcome !== 'held') throw new Error(early.outcome);
    await redis.restore(copy);
    await untilAnswering();
    await expect(keeper().start(id)).rejects.toMatchObject({ code: 'records.rebuilding' });
    expect(await keeper().renew(id, early.fence, 'admin')).toEqual({ held: false });
  });
});

describe('a promoted replica', () => {
  it('F13: that lost the newest writes is compared with the stamps first; no store is doubled', async () => {
    const replica = await startTestRedis({ replicaof: `127.0.0.1 ${redis.port}` });
    const address = await TcpProxy.start(redis.port);
    try {
      await openWorld(`redis://127.0.0.1:${address.port}`);
      await world.request(id);
      const admin = connectBlocking(replica.url);
      await waitUntil(() => admin.exists(`urumi:store:${id}`), Boolean);
      // From here on the replica hears nothing, but does not know that it is alone.
      await admin.call('REPLICAOF', '127.0.0.1', '1');
      const known = await attempt(id);
      await world.request(later);
      await attempt(later);
      redis.signal('SIGSTOP');
      await admin.call('REPLICAOF', 'NO', 'ONE');
      admin.disconnect();
      address.pointTo(replica.port);
      address.reset();
      await untilAnswering();
      expect(await world.repository.listIds()).toEqual([id]);
      await expect(keeper().start(id)).rejects.toMatchObject({ code: 'records.rebuilding' });
      world.startReconciler();
      await untilOpen();
      expect((await world.repository.listIds()).toSorted()).toEqual([id, later]);
      expect((await world.record(id)).attempt.fence).toBe(known.attempt.fence);
      expect(Object.values(await world.redis.hgetall('urumi:hosts')).toSorted()).toEqual([id, later]);
    } finally {
      redis.signal('SIGCONT');
      await address.close();
      await replica.stop();
    }
  });
});

describe('a Redis flushed under load', () => {
  it('F11: lists every stamped store again and its fences go on, three times', async () => {
    await openWorld();
    world.startReconciler();
    const ids = ['load0001', 'load0002', 'load0003'];
    for (const storeId of ids) await world.request(storeId);
    const stamped = new Map<string, number>();
    const stop = new AbortController();
    const load = ids.map(async (storeId) => {
      while (!stop.signal.aborted) {
        const record = await attempt(storeId).catch(() => null);
        if (record === null) continue;
        expect(record.attempt.fence).toBeGreaterThan(stamped.get(storeId) ?? 0);
        stamped.set(storeId, record.attempt.fence);
      }
    });
    try {
      for (let wipe = 0; wipe < 3; wipe += 1) {
        await waitUntil(
          () => stamped.size,
          (size) => size === ids.length,
        );
        await world.redis.flushall();
        await untilOpen();
        const newcomer = connectFailFast(redis.url);
        await waitUntilReady(newcomer, 5_000);
        expect(await newcomer.exists('urumi:gate')).toBe(1);
        newcomer.disconnect();
        expect((await world.repository.listIds()).toSorted()).toEqual(ids);
        const before = new Map(stamped);
        await waitUntil(
          () => ids.every((storeId) => (stamped.get(storeId) ?? 0) > (before.get(storeId) ?? 0)),
          Boolean,
          {
            what: 'an attempt of each store after the wipe',
          },
        );
      }
    } finally {
      stop.abort();
      await Promise.all(load);
    }
  });
});
