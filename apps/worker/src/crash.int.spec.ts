import { describe, it } from 'vitest';
import { isRunning, openWorkerBench, type WorkerBench, type WorkerProcess } from './testing/worker-bench.ts';

interface Scene {
  readonly bench: WorkerBench;
  readonly first: WorkerProcess;
  readonly second: WorkerProcess;
  readonly id: string;
  readonly helmPid: number;
}

/** Two workers, and in one of them helm in the middle of an install, deaf to SIGTERM: its release stays pending. */
async function openScene(): Promise<Scene> {
  const bench = await openWorkerBench();
  await bench.controlHelm({ delayMs: 60_000, ignoresSigterm: true });
  const first = await bench.startWorker();
  const id = await bench.create();
  await bench.until('helm is half-way', () => findReleases(bench, id)[0] === 'pending-upgrade', 20_000);
  const helmPid = (await bench.helmRuns(id))[0]?.pid ?? 0;
  await bench.controlHelm({});
  const second = await bench.startWorker();
  return { bench, first, second, id, helmPid };
}

function findReleases(bench: WorkerBench, id: string): (string | undefined)[] {
  const secrets = bench.cluster.list(`/api/v1/namespaces/store-${id}/secrets`);
  return secrets.map(({ metadata }) => metadata.labels?.['status']);
}

const patienceMs = 30_000;
const hasHelmEnded = (scene: Scene) => async () => !(await isRunning(scene.helmPid));
const isApplied = (scene: Scene) => async () => (await scene.bench.record(scene.id)).release.generationApplied === 1;

describe.concurrent('a worker', { timeout: 60_000 }, () => {
  it('that is killed takes its helm along, and another finishes the store', async ({ expect, onTestFinished }) => {
    const scene = await openScene();
    const { bench, first, second, id } = scene;
    onTestFinished(() => bench.close());
    first.child.kill('SIGKILL');
    await bench.until('helm has ended', hasHelmEnded(scene), patienceMs);
    await bench.until('the store is applied', isApplied(scene), patienceMs);
    expect(second.output()).toContain('was left pending-upgrade, dropping it');
    expect(findReleases(bench, id)).toEqual(['deployed']);
    expect((await bench.helmRuns(id)).map(({ beside }) => beside)).toEqual([[], []]);
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
    expect((await bench.jobs(id))[0]?.returnvalue).toEqual({ result: 'applied', generation: 1, attempt: 2 });
  });

  it('that freezes takes its helm along in time, and its late words count for nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await openScene();
    const { bench, first, id } = scene;
    onTestFinished(() => bench.close());
    first.child.kill('SIGSTOP');
    await bench.until('helm has ended', hasHelmEnded(scene), patienceMs);
    await bench.until('the store is applied', isApplied(scene), patienceMs);
    // The first had ended before the lease was another's: no two ever ran at a time.
    expect((await bench.helmRuns(id)).map(({ beside }) => beside)).toEqual([[], []]);
    expect(findReleases(bench, id)).toEqual(['deployed']);
    const { release, attempt } = await bench.record(id);
    first.child.kill('SIGCONT');
    await bench.until('the first worker noticed', () => first.output().includes('parked for 4.0 s: lease.lost'));
    const after = await bench.record(id);
    expect(after.release).toEqual(release);
    expect(after.attempt.fence).toBe(attempt.fence);
  });
});
