/** A worker that cannot reach its Redis in the middle of an install. */
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, describe, it } from 'vitest';
import { countFor } from '@urumi/shared/testing/count';
import type { Cut, TcpProxy } from '@urumi/shared/testing/tcp-proxy';
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

async function cutFor(ms: number, proxy: TcpProxy, how: Cut): Promise<void> {
  await proxy.cut(how);
  await sleep(ms);
  await proxy.restore();
}

describe.concurrent.each(['silent', 'refused'] as const)('F8: Redis cut off, %s', { timeout: 700_000 }, (how) => {
  it('for less than a second: the run goes on', async ({ expect, onTestFinished }) => {
    const { bench, proxy, worker, id } = await openScene(12_000);
    onTestFinished(() => bench.close());
    for (let cut = 0; cut < 3; cut += 1) {
      await cutFor(800, proxy, how);
      // Longer than what a renewal before the cut has left. The next cut must not come before it: two are more than a second.
      await bench.until('the lease is renewed', async () => (await bench.leaseRestMs(id)) > 5_500);
    }
    await bench.until(
      'the store is applied',
      async () => (await bench.record(id)).release.generationApplied === 1,
      30_000,
    );
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
    expect(await bench.helmRuns(id)).toHaveLength(1);
    expect((await bench.record(id)).attempt.fence).toBe(1);
    expect(worker.output()).not.toContain('lease.lost');
  });

  it('in the moment in which helm ends: its end is recorded all the same', async ({ expect, onTestFinished }) => {
    const { bench, proxy, id } = await openScene(1_500);
    onTestFinished(() => bench.close());
    await sleep(1_200);
    await cutFor(800, proxy, how);
    await bench.until('the store is applied', async () => (await bench.record(id)).release.generationApplied === 1);
    expect(await bench.helmRuns(id)).toHaveLength(1);
    expect((await bench.record(id)).attempt.fence).toBe(1);
  });

  it.each(longCutsMs)('for %i ms: helm is stopped, the run is repeated, the end is the same', async (cutMs) => {
    const { bench, proxy, id } = await openScene(60_000);
    try {
      await bench.controlHelm({ delayMs: 2_000 });
      const [run] = await bench.helmRuns(id);
      const cut = cutFor(cutMs, proxy, how);
      await bench.until('helm was stopped', async () => !(await isRunning(run?.pid ?? 0)), 4_000 + 1_000 + 3_000);
      await cut;
      await bench.until('helm runs again', async () => (await bench.helmRuns(id)).length === 2, 40_000);
      // The first start is given back: the work did nothing to lose its lease.
      assert.equal((await bench.record(id)).attempt.startsUsed, 1);
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
