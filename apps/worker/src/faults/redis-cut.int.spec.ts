/** A worker that cannot reach its Redis in the middle of an install. */
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, describe, it } from 'vitest';
import { countFor } from '@urumi/shared/testing/count';
import { findOverlaps, isRunning, openWorkerBench } from '../testing/worker-bench.ts';

const longCutsMs = [10_000, 60_000, 600_000].slice(0, countFor({ change: 1, gate: 3 }));

async function openScene(delayMs: number) {
  const bench = await openWorkerBench();
  const proxy = await bench.startRedisProxy();
  await bench.controlHelm({ delayMs });
  const worker = await bench.startWorker({ redisPort: proxy.port });
  const id = await bench.create();
  await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
  return { bench, proxy, worker, id };
}

describe.concurrent.each(['silent', 'reset'] as const)('F8: Redis cut off, %s', { timeout: 700_000 }, (how) => {
  it('for less than a second: the run goes on', async ({ expect, onTestFinished }) => {
    const { bench, proxy, worker, id } = await openScene(7_000);
    onTestFinished(() => bench.close());
    for (let cut = 0; cut < 3; cut += 1) {
      await proxy.cut(how, 800);
      await sleep(1_700);
    }
    await bench.until('the store is applied', async () => (await bench.record(id)).release.generationApplied === 1);
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
    expect(await bench.helmRuns(id)).toHaveLength(1);
    expect((await bench.record(id)).attempt.fence).toBe(1);
    expect(worker.output()).not.toContain('lease.lost');
  });

  it('in the moment in which helm ends: its end is recorded all the same', async ({ expect, onTestFinished }) => {
    const { bench, proxy, id } = await openScene(1_500);
    onTestFinished(() => bench.close());
    await sleep(1_200);
    await proxy.cut(how, 800);
    await bench.until('the store is applied', async () => (await bench.record(id)).release.generationApplied === 1);
    expect(await bench.helmRuns(id)).toHaveLength(1);
    expect((await bench.record(id)).attempt.fence).toBe(1);
  });

  it.each(longCutsMs)('for %i ms: helm is stopped, the run is repeated, the end is the same', async (cutMs) => {
    const { bench, proxy, id } = await openScene(60_000);
    try {
      await bench.controlHelm({});
      const [run] = await bench.helmRuns(id);
      const cut = proxy.cut(how, cutMs);
      await bench.until('helm was stopped', async () => !(await isRunning(run?.pid ?? 0)), 4_000 + 1_000 + 3_000);
      await cut;
      await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 1, 40_000);
      await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined, 30_000);
      assert.deepEqual(findOverlaps(await bench.helmSpans(id)), []);
      assert.equal((await bench.helmRuns(id)).length, 2);
      assert.equal((await bench.record(id)).status.reason, 'AwaitingWorkloads');
    } finally {
      await bench.close();
    }
  });
});
