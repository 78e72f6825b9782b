/** Workers that are stopped, killed and frozen in the middle of an install, beside others that go on. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildAuditedHelm, type AuditedHelm } from '../support/audited-helm.ts';
import { request } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import type { StoreView } from '../support/platform.ts';
import { listPids, readOfProcess } from '../support/processes.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import type { SimulatedService } from '../support/simulated-service.ts';
import { deleteStore, namespaceOf } from '../support/stores.ts';
import {
  readRevisions,
  readStarts,
  readStoreObjects,
  readTimeline,
  untilRecord,
  untilSettled,
} from '../support/store-truth.ts';
import { NotYet, waitFor } from '../support/wait.ts';

/** Promise 4. */
const workedOnAgainMs = 12_000;
const workersCount = 3;
/** Each way between a worker and the API server: an install takes seconds then, as it does far from this machine. */
const latencyMs = 2;

let t: SimulatedPlatform;
let helm: AuditedHelm;
/** What an install that nobody disturbs leaves, and how long its attempt takes. */
let clean: { readonly objects: string[]; readonly attemptMs: number };

beforeAll(async () => {
  const workerEnv: Record<string, string> = {};
  t = await startSimulatedPlatform({ count: { worker: 0 }, env: { worker: workerEnv } });
  helm = await buildAuditedHelm(join(t.places.state, 'audited'), join(t.cluster.binDir, 'helm'));
  workerEnv['HELM_BIN'] = helm.bin;
  for (let index = 0; index < workersCount; index += 1) await t.addService('worker');
  await reviveWorkers();
  await t.waitForStatus((await t.createStore('warm-up')).id, 'ready', 60_000);
  for (const { kubernetes } of t.services('worker')) kubernetes.delay(latencyMs);
  const store = await t.createStore('undisturbed');
  await untilSettled(t, store);
  clean = { objects: await readStoreObjects(t, store), attemptMs: await measureAttempt(store) };
  say(`an undisturbed attempt takes ${clean.attemptMs} ms`);
});
beforeEach(() => reviveWorkers());
afterAll(async () => {
  const overlaps = await helm.readOverlaps();
  await t.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
  expect(overlaps).toEqual([]);
});

it('F4: a worker that is told to stop in an install ends it, takes no further store, and leaves', async () => {
  const store = await t.createStore('drained');
  const worker = await findHolder(store);
  await untilHelmRuns(store);
  const ended = worker.ended();
  worker.signal('SIGTERM');
  const next = await t.createStore('after-the-stop');
  expect(await ended).toContain('with code 0');
  await untilSettled(t, store);
  await untilSettled(t, next);
  // Nobody began it a second time.
  expect(await readStarts(t, store)).toEqual([1]);
  await expectCleanEnd(store);
});

it('F4: a worker without time to drain hands its store back, and another one finishes it', async ({
  onTestFinished,
}) => {
  for (const worker of t.services('worker')) await worker.restart({ DRAIN_MS: '0' });
  onTestFinished(() => Promise.all(t.services('worker').map((worker) => worker.restart())).then(() => undefined));
  await reviveWorkers();
  const store = await t.createStore('handed-back');
  const worker = await findHolder(store);
  await untilHelmRuns(store);
  const ended = worker.ended();
  const since = Date.now();
  worker.signal('SIGTERM');
  const [taken, sentence] = await Promise.all([
    untilRecord(t, store, { what: 'taken by another' }, ({ attempt }) => attempt.fence > 1),
    ended,
  ]);
  say(`F4 handed back and taken after ${Date.now() - since} ms`);
  expect(sentence).toContain('with code 0');
  expect(Date.now() - since).toBeLessThan(workedOnAgainMs);
  // The start was given back: the second one is the first again.
  expect(taken.attempt.startsUsed).toBe(1);
  await untilSettled(t, store);
  const failure = (await readTimeline(t, store)).find(({ type }) => type === 'AttemptFailed');
  expect(failure?.trouble?.cause).toEqual({ code: 'helm.cancelled' });
  await expectCleanEnd(store);
  await reviveWorkers();
});

const signals = ['SIGKILL', 'SIGSTOP'] as const;
type Signal = (typeof signals)[number];
const offsetsCount = countFor({ change: 4, gate: 20 });
/** Two stores a round, each hit at its own offset: parts of an undisturbed attempt's length. */
const rounds = Array.from({ length: offsetsCount / 2 }, (_, round) => ({
  signal: signals[round % 2] ?? 'SIGKILL',
  parts: [(2 * round + 0.3) / offsetsCount, (2 * round + 1.3) / offsetsCount] as const,
}));

it.each(rounds)(
  'F5: a worker that gets $signal at the parts $parts of an install has its stores finished by another',
  async ({ signal, parts }) => {
    const [early, late] = parts.map((part) => part * clean.attemptMs) as [number, number];
    const first = await t.createStore(`f5-first-${signal.toLowerCase()}-${Math.round(late)}`);
    const firstHolder = await findHolder(first);
    const firstBegan = performance.now();
    await sleep(late - early);
    const second = await t.createStore(`f5-second-${signal.toLowerCase()}-${Math.round(early)}`);
    const secondHolder = await findHolder(second);
    await sleep(Math.max(0, late - (performance.now() - firstBegan)));

    const since = Date.now();
    firstHolder.signal(signal);
    // Where another worker had taken the second one, that worker has the other fate, and the third worker is left.
    const secondSignal: Signal = secondHolder === firstHolder ? signal : signal === 'SIGKILL' ? 'SIGSTOP' : 'SIGKILL';
    if (secondHolder !== firstHolder) secondHolder.signal(secondSignal);

    const hits = [
      { store: first, signal, at: Math.round(late) },
      { store: second, signal: secondSignal, at: Math.round(early) },
    ];
    for (const { store, signal: by, at } of hits) {
      await untilSettled(t, store);
      const wasApplied = (await readTimeline(t, store)).some(
        (entry) => entry.type === 'ReleaseApplied' && entry.at <= since,
      );
      const tookMs = await measureTakeOver(store, since);
      say(
        `F5 ${by} ${at} ms into an install${wasApplied ? ', after it was applied' : ''}: taken over after ${tookMs} ms`,
      );
      if (wasApplied) continue;
      expect(tookMs).toBeLessThan(workedOnAgainMs);
      expect(await readStarts(t, store)).toEqual([1, 2]);
    }
    // Those that come back after all find that their stores are no longer theirs.
    await reviveWorkers();
    for (const { store } of hits) await expectCleanEnd(store);
    await Promise.all(hits.map(({ store }) => deleteStore(t, store)));
  },
);

it('F6: helm ends with its worker, also a helm that hangs, before another one begins', async () => {
  const store = await t.createStore('helm-alone');
  const worker = await findHolder(store);
  const pid = await untilHelmRuns(store);
  // It cannot come to its end by itself now, nor by a polite request.
  process.kill(pid, 'SIGSTOP');
  const since = Date.now();
  await worker.kill();
  await waitFor({ what: 'helm and its guard to be gone', timeoutMs: 4_000, intervalMs: 50 }, async () => {
    const left = await findProcesses(store);
    return left.length === 0 ? true : new NotYet(left.map(({ command }) => command.join(' ')).join('; '));
  });
  say(`F6 helm was gone ${Date.now() - since} ms after its worker`);
  await untilSettled(t, store);
  expect(await measureTakeOver(store, since)).toBeLessThan(workedOnAgainMs);
  expect(await readStarts(t, store)).toEqual([1, 2]);
  expect((await helm.readStarts()).get(namespaceOf(store))).toBe(2);
  await expectCleanEnd(store);
});

/** One release, deployed; the objects of an undisturbed store; never two helms. */
async function expectCleanEnd(store: StoreView): Promise<void> {
  const revisions = await readRevisions(t, store);
  expect(revisions.filter((revision) => /pending|uninstalling/.test(revision))).toEqual([]);
  expect(revisions.at(-1)).toMatch(/deployed$/);
  expect(await readStoreObjects(t, store)).toEqual(clean.objects);
  expect(await helm.readOverlaps()).toEqual([]);
}

/** From its start to its last word, in milliseconds. */
async function measureAttempt(store: StoreView): Promise<number> {
  await untilRecord(t, store, { what: 'its attempt is over' }, ({ attempt }) => attempt.step === 'ended');
  const entries = await readTimeline(t, store);
  const find = (wanted: string): number => entries.find(({ type }) => type === wanted)?.at ?? NaN;
  return find('ReleaseApplied') - find('AttemptStarted');
}

/** Milliseconds from `since` to the next start; `NaN` where there was none. */
async function measureTakeOver(store: StoreView, since: number): Promise<number> {
  const entries = await readTimeline(t, store);
  return (entries.find(({ type, at }) => type === 'AttemptStarted' && at > since)?.at ?? NaN) - since;
}

/** The worker that began the newest store: the one that runs more attempts than the stores it was known to run. */
const known = new Map<SimulatedService, number>();
async function findHolder(store: StoreView): Promise<SimulatedService> {
  return waitFor({ what: `a worker to take ${store.id}`, timeoutMs: 15_000, intervalMs: 10 }, async () => {
    for (const worker of t.services('worker')) {
      const running = await readRunning(worker);
      const more = running > (known.get(worker) ?? 0);
      known.set(worker, running);
      if (more) return worker;
    }
    return new NotYet('nobody');
  });
}

async function readRunning({ opsPort }: SimulatedService): Promise<number> {
  const { body } = await request({ port: opsPort, path: '/metrics' });
  return Number(/^urumi_attempts_running (\d+)$/m.exec(body)?.[1] ?? NaN);
}

/** No attempt anywhere. */
async function untilIdle(): Promise<void> {
  await waitFor({ what: 'the workers to be idle', timeoutMs: 30_000, intervalMs: 100 }, async () => {
    const running = await Promise.all(t.services('worker').map(readRunning));
    return running.every((count) => count === 0) ? true : new NotYet(running.join(', '));
  });
}

/** All workers run, are ready and idle: dead ones are started, frozen ones thawed. */
async function reviveWorkers(): Promise<void> {
  for (const worker of t.services('worker')) {
    if (worker.pid() === null) await worker.start();
    else worker.signal('SIGCONT');
    await worker.untilReady();
  }
  await untilIdle();
  known.clear();
}

interface Process {
  readonly pid: number;
  readonly command: readonly string[];
}

/** Helm of this store, and its guard. */
async function findProcesses(store: StoreView): Promise<Process[]> {
  const found: Process[] = [];
  for (const pid of await listPids()) {
    const command = readOfProcess(pid, 'cmdline').split('\0');
    if (command.includes(`--namespace=${namespaceOf(store)}`)) found.push({ pid, command });
  }
  return found;
}

/** @returns the process id of the real helm, which has begun its work */
async function untilHelmRuns(store: StoreView): Promise<number> {
  return waitFor({ what: `helm to run for ${store.id}`, timeoutMs: 20_000, intervalMs: 10 }, async () => {
    const processes = await findProcesses(store);
    const real = processes.find(({ command }) => command[0] === join(t.cluster.binDir, 'helm'));
    return real?.pid ?? new NotYet(`${processes.length} processes`);
  });
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
