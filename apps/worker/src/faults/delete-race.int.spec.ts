/** Deletions that arrive at some moment of a create. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countFor } from '@urumi/shared/testing/count';
import { findOverlaps, isRunning, openWorkerBench } from '../testing/worker-bench.ts';

const storesAtOnce = 10;
/** Beyond the first renewals, so that one of them is what brings the wish. */
const latestMs = 6_000;
const rounds = Array.from({ length: countFor({ change: 2, gate: 50 }) }, (_, round) => round);
/** A renewal returns the newest wish; the rest is helm's SIGTERM. */
const helmEndsMs = 1_500 + 1_000;

describe('F23: a deletion at some moment of a create', { timeout: 120_000 }, () => {
  it.each(rounds)('ends the create, also where its message is lost, and nothing is made after it (%i)', async () => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    bench.cluster.delayMs = 20;
    await bench.controlHelm({ delayMs: 30_000 });
    const worker = await bench.startWorker({ env: { WORKER_CONCURRENCY: String(storesAtOnce) } });
    const delaysMs: number[] = [];
    await Promise.all(
      Array.from({ length: storesAtOnce }, async (_, index) => {
        const id = await bench.create();
        const delayMs = Math.round(Math.random() * latestMs);
        delaysMs.push(delayMs);
        await sleep(delayMs);
        await bench.wish(id, { type: 'DeletionRequested' }, index % 2 === 0);
        const deletedAt = Number(process.hrtime.bigint() / 1_000_000n);
        const tornDown = async () => (await bench.record(id)).release.teardownGeneration === 2;
        await bench.until(`teardown after ${delayMs} ms`, tornDown, 15_000);
        for (const { to } of await bench.helmSpans(id))
          expect(to - deletedAt, `${delayMs} ms`).toBeLessThan(helmEndsMs);
        for (const { pid } of await bench.helmRuns(id)) expect(await isRunning(pid)).toBe(false);
        expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);

        bench.cluster.finishNamespace(`store-${id}`);
        const seen = bench.cluster.calls.length;
        await bench.until('its jobs are done', async () => (await bench.jobs(id)).every((job) => job.finishedOn));
        const made = bench.cluster.calls
          .slice(seen)
          .filter(({ method, path }) => method === 'POST' && path.includes(id));
        expect(made).toEqual([]);
        expect(bench.cluster.get(`/api/v1/namespaces/store-${id}`)).toBeUndefined();
      }),
    );
    expect(worker.output()).not.toContain('invariant');
    expect(delaysMs).toHaveLength(storesAtOnce);
  });
});
