/** A worker whose disk is full. Needs root for a disk of its own. */
import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openWorkerBench } from '../testing/worker-bench.ts';

const run = promisify(execFile);

it.skipIf(process.getuid?.() !== 0)('F39: is named, costs no start, and passes', { timeout: 60_000 }, async () => {
  const bench = await openWorkerBench();
  const disk = join(bench.folder, 'disk');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  onTestFinished(async () => {
    await bench.close();
  });
  onTestFinished(async () => {
    await run('umount', ['--lazy', disk]);
  });
  const worker = await bench.startWorker({ env: { TMPDIR: disk } });
  await bench.controlHelm({ cacheBytes: 4_000_000 });
  const id = await bench.create();
  await bench.until(
    'it is named',
    async () => (await bench.record(id)).attempt.lastFailure?.code === 'worker.disk-full',
  );
  const { attempt, status } = await bench.record(id);
  expect(attempt.lastFailure?.message).toContain('no space left on device');
  expect(attempt.startsUsed).toBe(0);
  expect(status).toMatchObject({ value: 'provisioning', reason: 'Retrying' });
  await run('mount', ['-o', 'remount,size=64m', disk]);
  await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 1, 30_000);

  // Killed, it cannot clean up; the next one on that disk does.
  worker.child.kill('SIGKILL');
  await bench.startWorker({ env: { TMPDIR: disk } });
  expect(await readdir(disk)).toHaveLength(1);
});
