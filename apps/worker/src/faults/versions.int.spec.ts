/** Workers of two releases beside each other, as in a roll-out. */
import { describe, it } from 'vitest';
import { openWorkerBench } from '../testing/worker-bench.ts';

describe.concurrent('F40: in a roll-out', { timeout: 60_000 }, () => {
  it('a record of a newer release waits for a worker of it, and is finished by that', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    const old = await bench.startWorker();
    const id = await bench.create(false);
    await bench.raiseSchema(id);
    await bench.ringUnread(id);
    await bench.until('it is parked', async () => (await bench.jobState(id)) === 'delayed');
    expect(old.output()).toContain('parked for 4.0 s: record.schema-newer');
    const next = await bench.startWorker({ preload: 'newer-release' });
    await bench.until('the newer one finished it', async () => (await bench.jobState(id)) === 'completed', 30_000);
    expect(next.output()).toContain('release: applied');
    expect(await bench.helmRuns(id)).toHaveLength(1);
  });

  it('stores made by either release come to their end, and none fails', async ({ expect, onTestFinished }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    await bench.startWorker();
    await bench.startWorker({ preload: 'newer-release' });
    const ids = await Promise.all(Array.from({ length: 6 }, () => bench.create()));
    for (const id of ids) {
      await bench.until('it is finished', async () => (await bench.jobState(id)) === 'completed', 40_000);
      expect(await bench.helmRuns(id)).toHaveLength(1);
    }
  });

  it('a job of unknown version waits for somebody who knows it', async ({ expect, onTestFinished }) => {
    const bench = await openWorkerBench();
    onTestFinished(() => bench.close());
    const worker = await bench.startWorker();
    const id = await bench.create(false);
    const job = await bench.queue.add('create', { v: 2, storeId: id, what: 'new' } as never, { priority: 1 });
    await bench.until('it is parked', async () => (await job.getState()) === 'delayed');
    expect(worker.output()).toContain('parked for 30.0 s: record.schema-newer');
    expect((await bench.record(id)).attempt.fence).toBe(0);
  });
});
