/** A worker that is asked to stop in the middle of an install. */
import { once } from 'node:events';
import { describe, it } from 'vitest';
import { findOverlaps, openWorkerBench } from '../testing/worker-bench.ts';

describe.concurrent('F4: a worker that is asked to stop', { timeout: 60_000 }, () => {
  it('takes no new job, and ends in its grace with what it was doing', async ({ expect, onTestFinished }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    await bench.controlHelm({ delayMs: 2_500 });
    const worker = await bench.startWorker();
    const id = await bench.create();
    await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
    worker.child.kill('SIGTERM');
    await bench.until('it heard', () => worker.output().includes('worker stops'));
    const next = await bench.create();
    const [code] = await once(worker.child, 'exit');
    expect(code).toBe(0);
    expect((await bench.record(id)).release.generationApplied).toBe(1);
    expect((await bench.record(next)).attempt.fence).toBe(0);
    await bench.startWorker();
    await bench.until('another did it', async () => (await bench.record(next)).release.generationApplied === 1, 6_000);
  });

  it('ends helm where that takes too long, and another takes the job at once, without cost', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    await bench.controlHelm({ delayMs: 60_000 });
    const first = await bench.startWorker({ env: { DRAIN_MS: '1000' } });
    const id = await bench.create();
    await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
    await bench.controlHelm({});
    await bench.startWorker();
    const stoppedAt = performance.now();
    first.child.kill('SIGTERM');
    const [code] = await once(first.child, 'exit');
    expect(code).toBe(0);
    await bench.until('another began', async () => (await bench.helmRuns(id)).length === 2);
    // The drain, helm's SIGTERM and a new run of it: no lease and no lock had to run out.
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
    await bench.until('the store is applied', async () => (await bench.record(id)).release.generationApplied === 1);
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
    expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);
    // The start was given back: the second run is the first that counts.
    expect((await bench.jobs(id))[0]?.returnvalue).toEqual({ result: 'applied', generation: 1, attempt: 1 });
  });

  it('stops in time even where helm is deaf', async ({ expect, onTestFinished }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    await bench.controlHelm({ delayMs: 60_000, ignoresSigterm: true });
    const worker = await bench.startWorker({ env: { DRAIN_MS: '500' } });
    const id = await bench.create();
    await bench.until('helm runs', async () => (await bench.helmSpans(id)).length === 1);
    const stoppedAt = performance.now();
    worker.child.kill('SIGTERM');
    const [code] = await once(worker.child, 'exit');
    expect(code).toBe(0);
    // The drain, the 10 s that helm is given and what is said after: a pod is given 45 s.
    expect(performance.now() - stoppedAt).toBeLessThan(18_000);
    expect(await (await bench.jobs(id))[0]?.getState()).toBe('delayed');
  });
});
