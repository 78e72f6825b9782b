import { Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { buildLogger } from '@urumi/shared/server/ops/logger';
import { attemptsMax, bullPrefix, queueName } from '@urumi/shared/server/queue/catalog';
import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import type { AttemptRequest, AttemptResult } from '../attempt/attempt.ts';
import { AttemptStopped } from '../stopped.ts';
import { Consumer } from './consumer.ts';

type Run = (request: Pick<AttemptRequest, 'storeId' | 'signal' | 'note'>) => Promise<AttemptResult>;

let redis: TestRedis;
let queue: Queue;
let consumer: Consumer;
let run: Run;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null };
  queue = new Queue(queueName, { connection, prefix: bullPrefix });
  consumer = new Consumer({
    connection,
    concurrency: 2,
    logger: buildLogger('test', 'silent'),
    run: (request) => run(request),
  });
});
afterEach(async () => {
  await consumer.stop(0);
  await queue.obliterate({ force: true });
  await queue.close();
});

const done: AttemptResult = { kind: 'done', result: 'applied', generation: 1, attempt: 1 };

async function ring(data: unknown = { v: 1, storeId: 'abcdefgh', generation: 1, traceId: 't' }) {
  const job = await queue.add('create', data, { attempts: attemptsMax, backoff: { type: 'urumi' }, priority: 1 });
  return { read: async () => queue.getJob(job.id ?? ''), state: () => job.getState() };
}

it('a payload of a newer release is parked, not failed', async () => {
  run = () => Promise.resolve(done);
  const job = await ring({ v: 2, storeId: 'abcdefgh', somethingNew: true });
  await expect.poll(job.state, { timeout: 10_000 }).toBe('delayed');
  expect((await job.read())?.attemptsMade).toBe(0);
});

it('a parked job costs no try and comes back', async () => {
  const answers: AttemptResult[] = [{ kind: 'park', inMs: 100, why: 'cluster.unreachable' }, done];
  run = () => Promise.resolve(answers.shift() ?? done);
  const job = await ring();
  await expect.poll(job.state, { timeout: 10_000 }).toBe('completed');
  const { logs } = await queue.getJobLogs((await job.read())?.id ?? '');
  expect(logs.join()).toContain('parked for 0.1 s: cluster.unreachable');
  expect((await job.read())?.attemptsMade).toBe(1);
});

it('a retry waits as long as the attempt says', async () => {
  const starts: number[] = [];
  run = () => {
    starts.push(performance.now());
    const failure = { code: 'helm.timed-out', message: 'Helm took too long' } as const;
    return Promise.resolve<AttemptResult>(starts.length === 1 ? { kind: 'retry', inMs: 400, failure } : done);
  };
  const job = await ring();
  await expect.poll(job.state, { timeout: 10_000 }).toBe('completed');
  const [first = 0, second = 0] = starts;
  expect(second - first).toBeGreaterThanOrEqual(390);
});

it('a job that was given up fails for good with its reason', async () => {
  run = () =>
    Promise.resolve<AttemptResult>({ kind: 'gave-up', failure: { code: 'store.data-lost', message: 'gone' } });
  const job = await ring();
  await expect.poll(job.state, { timeout: 10_000 }).toBe('failed');
  expect((await job.read())?.failedReason).toBe('store.data-lost: gone');
});

it('jobs whose attempts outlast the drain go back to the queue', async () => {
  const stops: unknown[] = [];
  run = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        stops.push(signal.reason);
        resolve({ kind: 'hand-back' });
      });
    });
  const job = await ring();
  await expect.poll(() => consumer.runningCount, { timeout: 10_000 }).toBe(1);
  await consumer.stop(300);
  expect(stops).toEqual([new AttemptStopped('shutdown')]);
  expect(await job.state()).toBe('delayed');
  expect((await job.read())?.attemptsMade).toBe(0);
});

it('F4: an idle worker takes a job that was handed back at once', async () => {
  run = ({ signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'hand-back' })));
  const job = await ring();
  await expect.poll(() => consumer.runningCount, { timeout: 10_000 }).toBe(1);
  const other = new Consumer({
    connection: { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null },
    concurrency: 1,
    logger: buildLogger('test', 'silent'),
    run: () => Promise.resolve(done),
  });
  onTestFinished(() => other.stop(0));
  // It is asleep, waiting for jobs.
  await sleep(500);
  const startedAt = performance.now();
  await consumer.stop(0);
  await expect.poll(job.state, { timeout: 10_000 }).toBe('completed');
  expect(performance.now() - startedAt).toBeLessThan(2_500);
});
