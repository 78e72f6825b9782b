/** A wall clock that jumps in the middle of an install. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findOverlaps, openWorkerBench } from '../testing/worker-bench.ts';

describe.concurrent('F38: a wall clock that jumps', { timeout: 60_000 }, () => {
  it.each([-300_000, 300_000])('by %i ms neither ends a run nor lets another take it over', async (jumpMs) => {
    const bench = await openWorkerBench();
    try {
      // Longer than lease, lock and every deadline of them.
      await bench.controlHelm({ delayMs: 9_000 });
      const worker = await bench.startWorker({ preload: 'clock-jump', env: { TEST_JUMP_MS: String(jumpMs) } });
      const id = await bench.create();
      await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
      await bench.startWorker();
      worker.child.kill('SIGUSR2');
      await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 1, 30_000);
      expect(await bench.helmRuns(id)).toHaveLength(1);
      expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);
      expect(worker.output()).not.toContain('lease.lost');
    } finally {
      await bench.close();
    }
  });
});

it('F38: the wall clock decides nothing here: BullMQ is told when a job is due, and the board the time of a line', async () => {
  const source = fileURLToPath(new URL('..', import.meta.url));
  const names = (await readdir(source, { recursive: true })).filter((name) => /(?<!\.spec)\.(ts|sh)$/.test(name));
  const readers: string[] = [];
  for (const name of names) {
    const text = await readFile(join(source, name), 'utf8');
    for (const line of text.split('\n'))
      if (/\bDate\b|EPOCH|\bdate\b \+/.test(line)) readers.push(`${name}: ${line.trim()}`);
  }
  expect(readers).toEqual([
    'queue/board.ts: write(() => job.log(`${new Date().toISOString()} ${line}`));',
    'queue/consumer.ts: await job.moveToDelayed(Date.now(), token);',
    'queue/consumer.ts: await job.moveToDelayed(Date.now() + inMs, token);',
  ]);
});
