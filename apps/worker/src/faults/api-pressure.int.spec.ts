/** An API server that has too much to do. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorkerBench } from '../testing/worker-bench.ts';

describe('F15: an API server that answers 429', () => {
  it(
    'is left alone as long as it asks, then asked by one call at a time; no store pays for it',
    { timeout: 60_000 },
    async () => {
      const bench = await openWorkerBench();
      onTestFinished(() => bench.close());
      const { cluster } = bench;
      cluster.retryAfter = 3;
      await bench.startWorker({ env: { WORKER_CONCURRENCY: '5' } });
      const ids = await Promise.all(Array.from({ length: 8 }, () => bench.create()));
      const refused = () => cluster.calls.filter(({ status }) => status === 429);
      await bench.until('it was refused three times over', () => new Set(refused().map(toRound)).size >= 3, 25_000);
      // Five attempts may ask before the first refusal arrives; after that, one call in each pause.
      const rounds = refused().map(toRound);
      const sizes = [...new Set(rounds)].map((round) => rounds.filter((other) => other === round).length);
      expect(sizes[0]).toBeLessThanOrEqual(5);
      expect(sizes.slice(1).every((size) => size === 1)).toBe(true);
      expect((await Promise.all(ids.map((id) => bench.helmRuns(id)))).flat()).toEqual([]);
      const records = await Promise.all(ids.map((id) => bench.record(id)));
      expect(records.map(({ attempt }) => attempt.startsUsed)).toEqual(ids.map(() => 0));
      const told = records.filter(({ attempt }) => attempt.lastFailure !== null);
      expect(new Set(told.map(({ attempt }) => attempt.lastFailure?.code))).toEqual(new Set(['cluster.busy']));

      cluster.retryAfter = null;
      for (const id of ids) {
        await bench.until(
          'it is applied',
          async () => (await bench.record(id)).release.generationApplied === 1,
          30_000,
        );
      }

      /** Which pause of three seconds, counted from the first refusal, a call fell into. */
      function toRound({ at }: { readonly at: number }): number {
        return Math.floor((at - (refused()[0]?.at ?? at) + 50) / 3_000);
      }
    },
  );
});
