import { Worker } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ApiEvent, ReconcilerEvent, StoreEvent, WorkerEvent } from '../../domain/events.ts';
import { healthy } from '../../testing/records.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { Leadership } from '../lease/leader.ts';
import { LeaseKeeper } from '../lease/lease.ts';
import { bullPrefix, queueName, type Ring } from '../queue/catalog.ts';
import { Doorbell, openStoreQueue } from '../queue/doorbell.ts';
import { keys } from '../store/keys.ts';
import { createStore } from '../store/creation.ts';
import { openDoor } from '../store/door.ts';
import { StoreRepository } from '../store/repository.ts';
import { connectBlocking, connectFailFast, waitUntilReady } from './connection.ts';
import { isFull, MemoryReader, parseUse, readUse } from './memory.ts';

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

/**
 * Fills memory to the last kilobyte with keys of its own, then takes a little off the limit: buffers of connections come and
 * go, and must not make room again.
 */
async function fillUp(): Promise<void> {
  for (const bytes of [100_000, 1_000]) {
    for (let part = 0; ; part += 1) {
      const answer = await redis.set(`filling:${bytes}:${part}`, 'x'.repeat(bytes)).catch(String);
      if (answer !== 'OK') break;
    }
  }
  const { usedBytes } = await readUse(redis);
  await redis.config('SET', 'maxmemory', String(usedBytes - 256 * 1024));
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

describe('F12: at the very limit of maxmemory', () => {
  const api = () => openDoor<ApiEvent>(redis);
  const worker = () => openDoor<WorkerEvent>(redis);
  const repository = () => new StoreRepository(redis);
  let queue: ReturnType<typeof openStoreQueue>;
  let doorbell: Doorbell;
  const ring = (storeId: string, intent: 'present' | 'absent') =>
    doorbell.ring({ storeId, generation: 2, intent, owner: 'admin', traceId: 't' }, 'wish');
  const keeper = () => new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 5 });
  beforeAll(async () => {
    queue = openStoreQueue(redis);
    await queue.waitUntilReady();
    doorbell = new Doorbell(queue, redis);
    for (const id of ['running1', 'leaving1', 'stopped1', 'stopped2', 'waiting1']) await wish(id);
    await ring('waiting1', 'present');
  });
  beforeEach(fillUp);
  afterAll(() => queue.close());

  it('Redis refuses even the smallest growing write', async () => {
    await expect(redis.set('one', '1')).rejects.toThrow('OOM command not allowed');
    await expect(redis.eval("return redis.call('SET', 'one', '1')", 0)).rejects.toThrow('OOM');
  });

  it('a create is refused as full, and nothing of it is half-made', async () => {
    const before = await redis.dbsize();
    await expect(wish('other123')).rejects.toMatchObject({ code: 'redis.full', kind: 'unavailable' });
    expect(await redis.dbsize()).toBe(before);
    expect(await redis.hget(keys.hosts, 'other123.localhost')).toBeNull();
    expect(await redis.hget(keys.names('admin'), 'shop other123')).toBeNull();
    expect(await repository().listIds()).not.toContain('other123');
  });

  it('a change and a retry are refused as full', async () => {
    const change = { type: 'ChangeRequested', plan: 'M' } as const;
    await expect(api().apply('waiting1', change)).rejects.toMatchObject({ code: 'redis.full' });
    expect((await repository().read('waiting1'))?.record.desired).toMatchObject({ plan: 'S', generation: 1 });
  });

  it('a deletion is accepted, rung, handed to a worker, torn down and forgotten', async () => {
    expect((await api().apply('leaving1', { type: 'DeletionRequested' })).outcome).toBe('applied');
    await ring('leaving1', 'absent');
    expect(await doorbell.hasJob('leaving1')).toBe(true);

    const connection = connectBlocking(server.url);
    const seen = new Promise<string>((resolve) => {
      const jobs = new Worker<Ring>(
        queueName,
        async (job) => {
          await job.log('a line for the board');
          await job.updateProgress({ state: 'working' });
          if (job.data.storeId === 'leaving1') resolve(job.data.storeId);
        },
        { connection, prefix: bullPrefix },
      );
      jobs.on('error', () => undefined);
      onTestFinished(async () => {
        await jobs.close();
        connection.disconnect();
      });
    });
    expect(await seen).toBe('leaving1');
    await expect.poll(() => doorbell.hasJob('leaving1')).toBe(false);

    const start = await keeper().start('leaving1');
    if (start.outcome !== 'held') throw new Error(start.outcome);
    const { fence } = start;
    const { generation } = start.record.desired;
    expect((await worker().apply('leaving1', { type: 'TeardownStarted', generation }, { fence })).outcome).toBe(
      'applied',
    );
    await worker().apply('leaving1', { type: 'AttemptEnded' }, { fence, endLease: true });
    const evidence = openDoor<ReconcilerEvent>(redis);
    expect((await evidence.apply('leaving1', { type: 'NamespaceGone', generation })).outcome).toBe('applied');
    expect(await repository().read('leaving1')).toBeNull();
    expect(await repository().readTombstone('leaving1')).not.toBeNull();
  });

  it('a cancellation is accepted and rung', async () => {
    expect((await api().apply('stopped1', { type: 'CancelRequested' })).outcome).toBe('applied');
    await ring('stopped1', 'present');
    expect(await doorbell.hasJob('stopped1')).toBe(true);
  });

  it('a running attempt keeps its lease, says its steps and ends; what it made is judged', async () => {
    const start = await keeper().start('running1');
    if (start.outcome !== 'held') throw new Error(start.outcome);
    const { fence } = start;
    expect(await keeper().renew('running1', fence, 'admin')).toMatchObject({ held: true });
    const said: WorkerEvent[] = [
      { type: 'StepBegan', step: 'namespace' },
      { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'uid-1' },
      {
        type: 'AttemptFailed',
        generation: 1,
        failure: { code: 'helm.timed-out', message: 'late' },
        retryInMs: 1,
        startGivenBack: false,
      },
      { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 },
    ];
    for (const event of said) expect((await worker().apply('running1', event, { fence })).outcome).toBe('applied');
    const ended = await worker().apply('running1', { type: 'AttemptEnded' }, { fence, endLease: true });
    expect(ended.outcome).toBe('applied');
    const evidence = openDoor<StoreEvent>(redis);
    expect((await evidence.apply('running1', healthy(1))).outcome).toBe('applied');
    expect((await repository().read('running1'))?.record.status.value).toBe('ready');
  });

  it('a reconciler leads, opens the gate and notes its pass', async () => {
    const leadership = new Leadership(redis, 'full', 3_000);
    expect(await leadership.tick()).toBe(true);
    expect(await leadership.tick()).toBe(true);
    await repository().openGate();
    await repository().writeLastPass();
    expect(await repository().readLastPass()).toBeGreaterThan(0);
  });
});
