/** The BullMQ contract that the design rests on (architecture, section 5), on the version we ship. */
import { DelayedError, Worker, type Job, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { healthy } from '../../testing/records.ts';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { connectBlocking, connectFailFast, waitUntilReady } from '../redis/connection.ts';
import type { StoreEvent } from '../../domain/events.ts';
import { generateStoreId } from '../../domain/store-id.ts';
import { createStore } from '../store/creation.ts';
import { openDoor } from '../store/door.ts';
import { StoreRepository } from '../store/repository.ts';
import { bullPrefix, firstPriority, keepLogs, queueName } from './catalog.ts';
import { Doorbell, openStoreQueue, type RingRequest } from './doorbell.ts';

let server: TestRedis;
let redis: Redis;
let queue: ReturnType<typeof openStoreQueue>;
let doorbell: Doorbell;
const workers: { worker: Worker; connection: Redis }[] = [];

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 5_000);
  await redis.flushall();
  await new StoreRepository(redis).openGate();
  queue = openStoreQueue(redis);
  doorbell = new Doorbell(queue, redis);
});
afterEach(async () => {
  for (const { worker, connection } of workers.splice(0)) {
    await worker.close(true);
    connection.disconnect();
  }
  await queue.close();
  redis.disconnect();
});

function ring(changes: Partial<RingRequest> = {}, how: 'wish' | 'sweep' = 'wish'): Promise<void> {
  return doorbell.ring(
    { storeId: 's1', generation: 1, intent: 'present', owner: 'admin', traceId: 't', ...changes },
    how,
  );
}

/** Consumes with `handle`; returns the seen `name:generation` of each run. */
function consume(handle: (job: Job, run: number) => Promise<void>, options: Partial<WorkerOptions> = {}): string[] {
  const seen: string[] = [];
  const connection = connectBlocking(server.url);
  const worker = new Worker(
    queueName,
    async (job) => {
      seen.push(`${job.name}:${String(job.data.generation)}`);
      await handle(job, seen.length);
    },
    { connection, prefix: bullPrefix, settings: { backoffStrategy: () => 60_000 }, ...options },
  );
  worker.on('error', () => undefined);
  workers.push({ worker, connection });
  return seen;
}

describe('rings for one store', () => {
  it('are absorbed while one waits', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, n) => ring({ generation: n + 1 })));
    expect(await queue.getPrioritizedCount()).toBe(1);
    expect(await doorbell.hasJob('s1')).toBe(true);
  });

  it('during a run give exactly one more run: the last, with its own name and data', async () => {
    let rung = false;
    const seen = consume(async () => {
      if (rung) return;
      rung = true;
      await ring({ generation: 2 });
      await ring({ generation: 3 });
      await ring({ generation: 4, intent: 'absent' });
    });
    await ring();
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['create:1', 'delete:4']);
    await expect.poll(() => doorbell.hasJob('s1')).toBe(false);
  });

  it('a wish takes a job out of its backoff at once; a sweep is absorbed by it', async () => {
    const seen = consume(async (_job, run) => {
      if (run === 1) throw new Error('try later');
    });
    await ring();
    await expect.poll(() => queue.getDelayedCount(), { timeout: 5_000 }).toBe(1);
    await ring({ generation: 2 }, 'sweep');
    expect(await queue.getDelayedCount()).toBe(1);
    await ring({ generation: 3, intent: 'absent' }, 'wish');
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['create:1', 'delete:3']);
  });

  it('a delete takes the place of a create that only waits', async () => {
    await ring();
    await ring({ generation: 2, intent: 'absent' });
    const jobs = await queue.getJobs(['prioritized', 'waiting', 'delayed']);
    expect(jobs.map((job) => job.name)).toEqual(['delete']);
  });

  it('keep the newest lines only, also of a job that was rung for during a run', async () => {
    const counts: number[] = [];
    consume(async (job, run) => {
      if (run === 1) await ring({ generation: 2 });
      for (let line = 0; line < keepLogs + 5; line += 1) await job.log(`line ${line}`);
      counts.push((await queue.getJobLogs(job.id ?? '')).count);
    });
    await ring();
    await expect.poll(() => counts, { timeout: 10_000 }).toEqual([keepLogs, keepLogs]);
  });

  it('come through again once a deduplication key without a job is cleared', async () => {
    await ring();
    const jobId = await queue.getDeduplicationJobId('s1');
    await redis.del(`${bullPrefix}:${queueName}:${String(jobId)}`);
    expect(await doorbell.hasJob('s1')).toBe(false);
    expect(await doorbell.clearStaleDeduplication('s1')).toBe(true);
    await ring();
    expect(await doorbell.hasJob('s1')).toBe(true);
    expect(await doorbell.clearStaleDeduplication('s1')).toBe(false);
  });
});

/** A wish of an owner, recorded and rung for as the api does. */
async function ask(owner: string, n: number): Promise<string> {
  const id = generateStoreId();
  const wish = { id, owner, actor: owner, engine: 'medusa', plan: 'S', host: `${id}.localhost` } as const;
  await createStore(redis, { ...wish, name: `Shop ${n}`, storesMax: 5_000, idempotency: null });
  await ring({ storeId: id, owner });
  return id;
}

/** Runs one job at a time; returns ids in the order they ran. */
function consumeOneByOne(runMs = 1): string[] {
  const order: string[] = [];
  consume(
    async (job) => {
      order.push(String(job.data.storeId));
      await new Promise((resolve) => setTimeout(resolve, runMs));
    },
    { concurrency: 1 },
  );
  return order;
}

describe('a job that is redelivered or parked', { timeout: 30_000 }, () => {
  it('after a stall costs no attempt: only the record counts', async () => {
    const made: number[] = [];
    let isFirst = true;
    const handle = async (job: Job): Promise<void> => {
      made.push(job.attemptsMade);
      if (!isFirst) return;
      isFirst = false;
      // As a frozen worker: it renews nothing, and its end never comes.
      await new Promise(() => undefined);
    };
    const short = { lockDuration: 600, stalledInterval: 300, maxStalledCount: 1_000 };
    consume(handle, { ...short, skipLockRenewal: true });
    await ring();
    await expect.poll(() => made.length, { timeout: 5_000 }).toBe(1);
    consume(handle, short);
    await expect.poll(() => made, { timeout: 8_000 }).toEqual([0, 0]);
  });

  it('by moveToDelayed keeps its key: a sweep is absorbed, a wish takes it out', async () => {
    const seen = consume(async (job, run) => {
      if (run > 1) return;
      await job.moveToDelayed(Date.now() + 60_000, job.token);
      throw new DelayedError();
    });
    await ring();
    await expect.poll(() => queue.getDelayedCount(), { timeout: 5_000 }).toBe(1);
    expect(await doorbell.hasJob('s1')).toBe(true);
    await ring({ generation: 2 }, 'sweep');
    expect([await queue.getDelayedCount(), await queue.getPrioritizedCount()]).toEqual([1, 0]);
    await ring({ generation: 3 });
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['create:1', 'create:3']);
  });

  it('with a ring stored during a failing run: that ring waits until the job is finished for good', async () => {
    const seen = consume(
      async (_job, run) => {
        if (run === 1) await ring({ generation: 2 }, 'sweep');
        if (run < 3) throw new Error('try later');
      },
      { settings: { backoffStrategy: () => 50 } },
    );
    await ring();
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['create:1', 'create:1', 'create:1', 'create:2']);
  });
});

describe('fairness between owners', { timeout: 60_000 }, () => {
  it('promise 11: 200 waiting jobs of one owner delay the first of another by one running job at most', async () => {
    for (let n = 0; n < 200; n += 1) await ask('ana', n);
    const order = consumeOneByOne(5);
    await expect.poll(() => order.length, { timeout: 20_000 }).toBeGreaterThan(3);
    const before = order.length;
    const first = await ask('ben', 1);
    await expect.poll(() => order.includes(first), { timeout: 10_000 }).toBe(true);
    // The job that ran while it was asked for, and none that only began after.
    expect(order.indexOf(first) - before).toBeLessThanOrEqual(2);
    expect((await queue.getPrioritizedCount()) > 100).toBe(true);
  });

  it('promise 11 holds for changes too, although a shop that serves is never queued', async () => {
    const door = openDoor<StoreEvent>(redis);
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const id = await ask('ana', n);
      await door.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '1', drift: 0 });
      await door.apply(id, healthy(1));
      ids.push(id);
    }
    await queue.drain();
    for (const id of ids) {
      await door.apply(id, { type: 'ChangeRequested', plan: 'L' });
      await ring({ storeId: id, owner: 'ana', generation: 2 });
    }
    const first = await ask('ben', 1);
    const order = (await queue.getPrioritized()).map(({ data }) => data.storeId);
    expect(order.indexOf(first)).toBeLessThanOrEqual(1);
  });

  it('promise 11 holds after waiting jobs were lifted', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push(await ask('ana', n));
    expect(await doorbell.liftWaiting(Date.now())).toBe(0);
    for (const id of ids) {
      const job = (await queue.getJobs(['prioritized'])).find(({ data }) => data.storeId === id);
      await redis.hset(`${bullPrefix}:${queueName}:${String(job?.id)}`, 'timestamp', Date.now() - 120_000);
    }
    await queue.getPrioritized();
    const first = await ask('ben', 1);
    // A second of another owner, with a place as good as it had when it was asked for.
    const second = await ask('ben', 2);
    await doorbell.liftWaiting(Date.now());
    const order = consumeOneByOne();
    await expect.poll(() => order.length, { timeout: 10_000 }).toBe(42);
    expect(order.indexOf(first)).toBeLessThanOrEqual(1);
    expect(order.indexOf(second)).toBeLessThanOrEqual(4);
  });

  it('jobs that waited for long move to the place they have by now', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await ask('ana', n));
    const jobs = await queue.getJobs(['prioritized']);
    const longAgo = Date.now() - 120_000;
    // The first three are done; the last two still have the places of before.
    for (const job of jobs) {
      if (ids.indexOf(job.data.storeId) < 3) await job.remove();
      else
        await redis.hset(
          `${bullPrefix}:${queueName}:${String(job.id)}`,
          'timestamp',
          longAgo + ids.indexOf(job.data.storeId),
        );
    }
    const places = async () => (await queue.getPrioritized()).map(({ data, priority }) => [data.storeId, priority]);
    expect(await places()).toEqual([
      [ids[3], firstPriority + 3],
      [ids[4], firstPriority + 4],
    ]);
    expect(await doorbell.liftWaiting(Date.now())).toBe(2);
    expect(await places()).toEqual([
      [ids[3], firstPriority + 1],
      [ids[4], firstPriority + 2],
    ]);
    expect(await doorbell.liftWaiting(Date.now())).toBe(0);
  });

  it('no job has priority 0, which would jump the whole queue, also one that a sweep rings for a settled store', async () => {
    await ring({ storeId: 'a' }, 'sweep');
    await ask('ana', 1);
    const jobs = await queue.getJobs(['prioritized', 'waiting']);
    expect(jobs.map(({ opts }) => opts.priority)).toEqual([firstPriority, firstPriority]);
  });
});
