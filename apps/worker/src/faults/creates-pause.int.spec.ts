/** A worker while creates wait because many fail alike: most new stores wait their turn, everything else goes on. */
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkerBench, type WorkerBench } from '../testing/worker-bench.ts';

const probeEveryMs = 4_000;
let bench: WorkerBench;
let redis: ReturnType<typeof connectFailFast>;
let pauses: CreatesPauses;
beforeAll(async () => {
  bench = await openWorkerBench();
  redis = connectFailFast(`redis://127.0.0.1:${bench.redisPort}`);
  await waitUntilReady(redis, 5_000);
  pauses = new CreatesPauses(redis);
  await bench.startWorker();
});
afterAll(async () => {
  redis.disconnect();
  await bench.close();
});

const isApplied = async (id: string): Promise<boolean> => {
  const { release, desired } = await bench.record(id);
  return release.generationApplied === desired.generation;
};
const isPaused = async (id: string): Promise<boolean> => (await bench.record(id)).status.reason === 'CreatesPaused';

it('F34: while creates pause one of those that wait tries now and then, changes and deletions go on, and all go on after it', async () => {
  const [changing, leaving] = [await bench.create(), await bench.create()];
  for (const id of [changing, leaving]) await bench.until('the store is applied', () => isApplied(id));
  const none = await pauses.read('medusa');
  await pauses.change(none, { engine: 'medusa', cause: 'ImagePullFailing', since: 1, stores: 3, probeEveryMs });

  const waiting = [await bench.create(), await bench.create(), await bench.create()];
  for (const id of waiting) {
    await bench.until('the create waits', () => isPaused(id));
    const { attempt, status } = await bench.record(id);
    expect(status).toMatchObject({ value: 'queued', settled: false });
    expect(attempt).toMatchObject({ startsUsed: 0, lastFailure: { code: 'creates.paused' } });
    expect(attempt.lastFailure?.message).toMatch(
      /^New Medusa.* stores wait: 3 fail alike\. An image could not be fetched/,
    );
    expect(attempt.nextTryAt).toBeGreaterThan(status.since);
    expect(bench.cluster.calls.filter(({ path }) => path.includes(`store-${id}`))).toEqual([]);
  }

  await bench.wish(changing, { type: 'ChangeRequested', plan: 'M' });
  await bench.until('the change is applied', () => isApplied(changing));
  await bench.wish(leaving, { type: 'DeletionRequested' });
  const { generation } = (await bench.record(leaving)).desired;
  await bench.until(
    'it is torn down',
    async () => (await bench.record(leaving)).release.teardownGeneration === generation,
  );

  await bench.until('one of them tries', async () => (await Promise.all(waiting.map(isApplied))).includes(true));
  const paused = await Promise.all(waiting.map(isPaused));
  expect(paused.filter(Boolean)).toHaveLength(2);

  const stopped = waiting[paused.indexOf(true)] ?? '';
  await bench.wish(stopped, { type: 'DeletionRequested' });
  await bench.until(
    'a waiting one is deleted at once',
    async () => (await bench.record(stopped)).release.teardownGeneration > 0,
    3_000,
  );

  await pauses.change(await pauses.read('medusa'), null);
  for (const id of waiting.filter((one) => one !== stopped)) await bench.ring(id);
  for (const id of waiting.filter((one) => one !== stopped)) await bench.until('all go on', () => isApplied(id));
  const last = waiting[paused.lastIndexOf(true)] ?? '';
  expect((await bench.repository.readTimeline(last)).map(({ type }) => type)).toEqual([
    'StoreRequested',
    'AttemptStarted',
    'AttemptFailed',
    'NamespaceEnsured',
    'ReleaseApplied',
  ]);
}, 60_000);
