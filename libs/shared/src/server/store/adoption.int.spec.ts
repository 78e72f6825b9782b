import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiEvent, StoreFound, WorkerEvent, ReconcilerEvent } from '../../domain/events.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { connectFailFast, waitUntilReady } from '../redis/connection.ts';
import { adoptStore } from './adoption.ts';
import { createStore } from './creation.ts';
import { openDoor } from './door.ts';
import { StoreRepository } from './repository.ts';

const id = 'abcd1234';
const identity = {
  id,
  name: 'Shop',
  owner: 'admin',
  engine: 'medusa',
  createdAt: 1_000,
} as const;
const desired = {
  intent: 'present',
  generation: 3,
  plan: 'M',
  host: 'abcd1234.localhost',
  formerHosts: [] as string[],
  setupRun: 2,
  recreateAllowed: false,
  halted: false,
  requestedAt: 2_000,
} as const;
const found: StoreFound = { type: 'StoreFound', identity, desired, fence: 9, namespaceUid: 'u1', terminating: false };

describe('adoption', () => {
  let server: TestRedis;
  let redis: ReturnType<typeof connectFailFast>;
  let repository: StoreRepository;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = connectFailFast(server.url);
    repository = new StoreRepository(redis);
    await waitUntilReady(redis, 10_000);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => redis.flushall());

  it('makes a record from a stamp while the gate is shut, once', async () => {
    expect(await adoptStore(redis, found)).toBe('adopted');
    expect(await adoptStore(redis, found)).toBe('known');
    const read = await repository.read(id);
    expect(read?.record).toMatchObject({ identity, desired, attempt: { fence: 9 }, release: { namespaceUid: 'u1' } });
    expect((await repository.listOwedIds()).ids).toEqual([id]);
    expect((await repository.countByStatus('admin')).queued).toBe(1);
  });

  it('claims name and host again', async () => {
    await adoptStore(redis, found);
    await repository.openGate();
    const twin = {
      ...identity,
      host: 'abcd1234.localhost',
      actor: 'admin',
      plan: 'S',
      storesMax: 9,
      idempotency: null,
    } as const;
    await expect(createStore(redis, { ...twin, id: 'other123' })).rejects.toMatchObject({ code: 'store.name-taken' });
    expect(await adoptStore(redis, { ...found, identity: { ...identity, id: 'other123' } })).toBe('claimed');
  });

  it('takes a namespace on its way out for a deletion', async () => {
    await adoptStore(redis, { ...found, terminating: true });
    expect((await repository.read(id))?.record).toMatchObject({
      desired: { intent: 'absent', generation: 4 },
      status: { value: 'deleting' },
    });
    expect(await adoptStore(redis, { ...found, terminating: true })).toBe('known');
  });

  it('raises an older record, and never lowers one', async () => {
    await adoptStore(redis, found);
    expect(await adoptStore(redis, { ...found, desired: { ...desired, generation: 5, plan: 'L' } })).toBe('raised');
    expect(await adoptStore(redis, { ...found, fence: 12 })).toBe('raised');
    expect(await adoptStore(redis, { ...found, fence: 1, desired: { ...desired, generation: 1 } })).toBe('known');
    expect((await repository.read(id))?.record).toMatchObject({
      desired: { generation: 5, plan: 'L' },
      attempt: { fence: 12 },
    });
  });

  it('never turns a known wish into a deletion because somebody removes the namespace', async () => {
    await adoptStore(redis, found);
    expect(await adoptStore(redis, { ...found, terminating: true })).toBe('known');
    expect(await adoptStore(redis, { ...found, terminating: true, fence: 10 })).toBe('raised');
    expect((await repository.read(id))?.record.desired.intent).toBe('present');
  });

  it('leaves a deleted store buried', async () => {
    await adoptStore(redis, { ...found, terminating: true });
    await repository.openGate();
    await openDoor<WorkerEvent>(redis).apply(id, { type: 'TeardownStarted', generation: 4 });
    await openDoor<ReconcilerEvent>(redis).apply(id, { type: 'NamespaceGone', generation: 4 });
    expect(await adoptStore(redis, found)).toBe('buried');
    expect(await repository.read(id)).toBeNull();
  });

  it('does not open other doors: everything else waits for the gate', async () => {
    await adoptStore(redis, found);
    await expect(openDoor<ApiEvent>(redis).apply(id, { type: 'DeletionRequested' })).rejects.toMatchObject({
      code: 'records.rebuilding',
    });
  });
});
