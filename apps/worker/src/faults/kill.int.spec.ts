/** Workers that are killed, frozen or blocked at some point of an attempt, beside one that goes on. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, type ExpectStatic } from 'vitest';
import { countFor } from '@urumi/shared/testing/count';
import {
  findOverlaps,
  isRunning,
  openWorkerBench,
  type WorkerBench,
  type WorkerProcess,
} from '../testing/worker-bench.ts';

/** Promise 4, and what a frozen or killed worker's helm may still take: deadline, SIGTERM to SIGKILL, a busy machine. */
const workedOnAgainMs = 12_000;
const helmEndsMs = 4_000 + 1_000 + 3_000;
const patienceMs = 40_000;

/** Milliseconds after the first call to the cluster: before the namespace, in its making, early and late in helm's run. */
const offsetsMs = [50, 500, 1_500, 3_300] as const;
const rounds = Array.from({ length: countFor({ change: 1, gate: 5 }) }, (_, round) => round);

function findReleases(bench: WorkerBench, id: string): (string | undefined)[] {
  const secrets = bench.cluster.list(`/api/v1/namespaces/store-${id}/secrets`);
  return secrets.map(({ metadata }) => metadata.labels?.['status']);
}

/** Changes of a store in the cluster by a worker itself, not by its helm. */
function findChanges(bench: WorkerBench, id: string, by: string) {
  return bench.cluster.calls.filter(
    (call) =>
      call.by === by && call.method !== 'GET' && call.path.includes(`store-${id}`) && !call.path.endsWith('reviews'),
  );
}

/** One worker with helm in the middle of its store's install, deaf to SIGTERM: its release stays pending. */
async function openScene(preload?: 'busy-loop') {
  const bench = await openWorkerBench();
  await bench.controlHelm({ delayMs: 60_000, ignoresSigterm: true });
  const options = preload === undefined ? {} : { preload, env: { TEST_BUSY_MS: String(busyMs) } };
  const first = await bench.startWorker(options);
  const id = await bench.create();
  await bench.until('helm is half-way', () => findReleases(bench, id)[0] === 'pending-upgrade', 20_000);
  const helmPid = (await bench.helmRuns(id))[0]?.pid ?? 0;
  await bench.controlHelm({});
  const second = await bench.startWorker();
  return { bench, first, second, id, helmPid };
}
type Scene = Awaited<ReturnType<typeof openScene>>;
const busyMs = countFor({ change: 8_000, gate: 40_000 });

const hasHelmEnded = (scene: Scene) => async () => !(await isRunning(scene.helmPid));
const isApplied = (bench: WorkerBench, id: string) => async () =>
  (await bench.record(id)).release.generationApplied === 1;

describe('F5: at any point of an attempt', { timeout: 240_000 }, () => {
  it.each(rounds)(
    'killed and frozen workers leave one writer, and their stores come to the same end (%i)',
    async (round) => {
      const bench = await openWorkerBench();
      onTestFinished(() => bench.close());
      // Longer than the last moment of a kill, however fast the machine is up to helm.
      await bench.controlHelm({ delayMs: 6_000 });
      const release = bench.cluster.hold();
      bench.cluster.delayMs = 60;
      const scenes: { id: string; name: string; worker: WorkerProcess; signal: 'SIGKILL' | 'SIGSTOP'; atMs: number }[] =
        [];
      for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
        for (const offsetMs of offsetsMs) {
          const name = `${signal}-${offsetMs}`;
          const worker = await bench.startWorker({ name, env: { WORKER_CONCURRENCY: '1' } });
          const id = await bench.create();
          await bench.until('it began', async () => (await bench.record(id)).attempt.fence === 1);
          scenes.push({ id, name, worker, signal, atMs: offsetMs + round * 170 });
        }
      }
      await bench.startWorker({ name: 'survivor', env: { WORKER_CONCURRENCY: '8' } });
      release();
      await Promise.all(
        scenes.map(async ({ id, worker, signal, atMs }) => {
          await sleep(atMs);
          expect(await isApplied(bench, id)()).toBe(false);
          worker.child.kill(signal);
          await bench.until(
            `${signal} after ${atMs} ms: worked on again`,
            async () => (await bench.record(id)).attempt.fence > 1,
            workedOnAgainMs,
          );
        }),
      );
      for (const { id, name } of scenes) {
        await bench.until(`${name}: applied`, isApplied(bench, id), patienceMs);
        await bench.until('its job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
      }
      for (const { worker, signal } of scenes) if (signal === 'SIGSTOP') worker.child.kill('SIGCONT');
      for (const { id, name } of scenes) {
        const record = await bench.record(id);
        expect(findOverlaps(await bench.helmSpans(id)), name).toEqual([]);
        expect(
          findReleases(bench, id)
            .filter((status) => status !== 'superseded')
            .at(-1),
          name,
        ).toBe('deployed');
        expect(
          findReleases(bench, id).some((status) => status?.startsWith('pending')),
          name,
        ).toBe(false);
        expect(record.attempt.gaveUp, name).toBeNull();
        const firstOfNext = findChanges(bench, id, 'survivor')[0]?.at ?? Infinity;
        expect(
          findChanges(bench, id, name).filter(({ at }) => at >= firstOfNext),
          name,
        ).toEqual([]);
        expect(record.status, name).toMatchObject({ value: 'provisioning', reason: 'AwaitingWorkloads' });
      }
    },
  );
});

describe.concurrent('a worker', { timeout: 180_000 }, () => {
  it('F6: of which only Node is killed takes its helm along, and another finishes the store', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await openScene();
    const { bench, first, second, id } = scene;
    onTestFinished(() => bench.close());
    first.child.kill('SIGKILL');
    await bench.until('helm has ended', hasHelmEnded(scene), helmEndsMs);
    await bench.until('the store is applied', isApplied(bench, id), patienceMs);
    expect(second.output()).toContain('was left pending-upgrade, dropping it');
    expect(findReleases(bench, id)).toEqual(['deployed']);
    expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);
    expect((await bench.helmRuns(id)).map(({ beside }) => beside)).toEqual([[], []]);
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
    expect((await bench.jobs(id))[0]?.returnvalue).toEqual({ result: 'applied', generation: 1, attempt: 2 });
  });

  it('F6: whose guard is killed first still takes its helm along', async ({ expect, onTestFinished }) => {
    const scene = await openScene();
    const { bench, first, id, helmPid } = scene;
    onTestFinished(() => bench.close());
    process.kill(await findParent(helmPid), 'SIGKILL');
    // The guard's other half watches on, and nobody begins again beside this helm.
    await sleep(3_000);
    expect(await isRunning(helmPid)).toBe(true);
    expect(await bench.helmRuns(id)).toHaveLength(1);
    first.child.kill('SIGKILL');
    await bench.until('helm has ended', hasHelmEnded(scene), helmEndsMs);
    await bench.until('the store is applied', isApplied(bench, id), patienceMs);
    expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);
    expect((await bench.helmRuns(id)).map(({ beside }) => beside)).toEqual([[], []]);
  });

  it('F5: that is frozen takes its helm along in time, and its late words count for nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await openScene();
    const { bench, first, id } = scene;
    onTestFinished(() => bench.close());
    first.child.kill('SIGSTOP');
    await expectLateWordsToBeRefused(scene, expect, () => void first.child.kill('SIGCONT'));
    expect(findReleases(bench, id)).toEqual(['deployed']);
  });

  it('F7: whose event loop is blocked loses helm in time, and its late words count for nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await openScene('busy-loop');
    const { bench, first, id } = scene;
    onTestFinished(() => bench.close());
    first.child.kill('SIGUSR2');
    await expectLateWordsToBeRefused(scene, expect, () => undefined);
    expect(findReleases(bench, id)).toEqual(['deployed']);
  });
});

/** Helm ends while its worker cannot say so, another finishes the store, and then the first speaks again. */
async function expectLateWordsToBeRefused(scene: Scene, expect: ExpectStatic, wake: () => void): Promise<void> {
  const { bench, first, id } = scene;
  await bench.until('helm has ended', hasHelmEnded(scene), helmEndsMs);
  await bench.until('the store is applied', isApplied(bench, id), patienceMs);
  // The first had ended before the lease was another's: no two ever ran at a time.
  expect(findOverlaps(await bench.helmSpans(id))).toEqual([]);
  const { release, attempt } = await bench.record(id);
  wake();
  await bench.until('the first worker noticed', () => first.output().includes('parked for 4.0 s: lease.lost'), busyMs);
  const after = await bench.record(id);
  expect(after.release).toEqual(release);
  expect(after.attempt.fence).toBe(attempt.fence);
}

async function findParent(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
