/** A job that ends the process of whoever takes it. */
import { expect, it, onTestFinished } from 'vitest';
import { startsMax } from '@urumi/shared/domain/reduce';
import { openWorkerBench } from '../testing/worker-bench.ts';

it('F35: fails after its starts, holds up nobody, and the board names the cause', { timeout: 150_000 }, async () => {
  const bench = await openWorkerBench();
  const poison = await bench.create();
  await bench.controlHelm({ stores: { [poison]: { killsWorker: true, delayMs: 60_000 } } });
  const deaths: number[] = [];
  const over = new AbortController();
  /** As whoever runs workers does: one that ended is started again. */
  const keepUp = (async () => {
    while (!over.signal.aborted) {
      const { child } = await bench.startWorker();
      await bench.until(
        'it ended or is not needed any more',
        () => child.signalCode !== null || over.signal.aborted,
        150_000,
      );
      if (child.signalCode !== null) deaths.push(child.pid ?? 0);
    }
  })();
  onTestFinished(async () => {
    over.abort();
    await Promise.allSettled([keepUp]);
    await bench.close();
  });
  const others: string[] = [];
  await bench.until(
    'it failed',
    async () => {
      // Beside every start of it another store is made.
      if (others.length < (await bench.helmRuns(poison)).length) others.push(await bench.create());
      return (await bench.record(poison)).status.value === 'failed';
    },
    140_000,
  );
  const record = await bench.record(poison);
  expect(record.attempt.gaveUp?.code).toBe('store.starts-exhausted');
  expect(record.attempt.gaveUp?.message).toContain('the last one in step release');
  expect(deaths).toHaveLength(startsMax);
  await bench.until('the job failed', async () => (await bench.jobs(poison))[0]?.failedReason !== undefined);
  expect((await bench.jobs(poison))[0]?.failedReason).toContain(
    'store.starts-exhausted: 5 starts did not come to an end',
  );
  for (const id of others) {
    await bench.until('another store is applied', async () => (await bench.record(id)).release.generationApplied === 1);
  }
});
