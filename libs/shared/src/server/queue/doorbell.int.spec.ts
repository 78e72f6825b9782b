/** The BullMQ contract that the design rests on (architecture, section 5), on the version we ship. */
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../testing/redis.ts';
import { connectBlocking, connectFailFast, waitUntilReady } from '../redis/connection.ts';
import { bullPrefix, keepLogs, queueName } from './catalog.ts';
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
function consume(handle: (job: Job, run: number) => Promise<void>): string[] {
  const seen: string[] = [];
  const connection = connectBlocking(server.url);
  const worker = new Worker(
    queueName,
    async (job) => {
      seen.push(`${job.name}:${String(job.data.generation)}`);
      await handle(job, seen.length);
    },
    { connection, prefix: bullPrefix, settings: { backoffStrategy: () => 60_000 } },
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

describe('stores of one owner', () => {
  it('are taken in the order asked, none at priority 0', async () => {
    await ring({ storeId: 'a' });
    await ring({ storeId: 'b' });
    const jobs = await queue.getJobs(['prioritized']);
    expect(jobs.every((job) => (job.opts.priority ?? 0) > 0)).toBe(true);
  });
});
