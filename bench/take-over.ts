/**
 * P16: how long after a worker was killed in the middle of an install its store is worked on again. Ours on the simulated
 * cluster, with real helm; the rival is BullMQ as it comes. Rival rounds do nothing but wait, so they run beside ours, a few at once.
 *
 *   node bench/take-over.ts [--rounds N] [--busy] [--out FOLDER]
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAuditedHelm } from '../e2e/support/audited-helm.ts';
import { listPids, readOfProcess } from '../e2e/support/processes.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../e2e/support/simulated-platform.ts';
import { deleteStore } from '../e2e/support/stores.ts';
import { NotYet, waitFor } from '../e2e/support/wait.ts';
import { parseBenchOptions } from './lib/arguments.ts';
import { inspectMachine, refuseBusy } from './lib/machine.ts';
import { formatReport, type Report, writeReport } from './lib/report.ts';
import type { Contestant, Entry, Phases } from './lib/rounds.ts';
import { takeOverByDefaults } from './rivals/bullmq-defaults.ts';

/** As many kills as the target asks for. */
const leastRounds = 20;
/** Rival rounds at once: more would use the processors while ours are measured. */
const rivalLanes = 4;

const options = parseBenchOptions(process.argv.slice(2));
const rounds = Math.max(options.rounds, leastRounds);
const machine = await inspectMachine();
refuseBusy(machine, options.busy);
const t = await startSimulatedPlatform({ count: { worker: 2 }, env: { api: { URUMI_STORES_MAX: '1000' } } });
try {
  const helm = await buildAuditedHelm(join(t.places.state, 'audit'), join(t.cluster.binDir, 'helm'), {
    delaySeconds: 2,
  });
  const env = { HELM_BIN: helm.bin };
  for (const worker of t.services('worker')) await worker.restart(env);
  const { url: redisUrl } = await t.redisServer.openWay();
  const waiting = Array.from({ length: rounds }, (_, round) => round);
  const rivals: Entry[] = [];
  const lane = async (): Promise<void> => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
      const current = round;
      rivals.push(await enter(current, 'BullMQ defaults', () => takeOverByDefaults(redisUrl, current)));
    }
  };
  const rivalsDone = Promise.all(Array.from({ length: rivalLanes }, lane));
  const ours: Entry[] = [];
  for (let round = 0; round < rounds; round += 1) ours.push(await enter(round, 'urumi', () => takeOver(t, env, round)));
  await rivalsDone;
  const report: Report = {
    question: 'P16: from the kill of a worker to its work going on',
    machine,
    settings: {
      rounds,
      workers: 2,
      rivalsAtOnce: rivalLanes,
      helmSeconds: 'at least 2',
      etcd: 'in memory',
      redis: 'appendfsync always',
    },
    rows: [
      {
        name: 'work goes on',
        ours: 'urumi',
        rivals: ['BullMQ defaults'],
        entries: [...ours, ...rivals],
        unavailable: null,
      },
    ],
  };
  process.stdout.write(`\n${formatReport(report)}`);
  process.stdout.write(`\n${await writeReport(report, options.resultsFolder, 'take-over')}\n`);
  const overlaps = await helm.readOverlaps();
  if (overlaps.length > 0) throw new Error(`two attempts ran helm at once: ${overlaps.join(', ')}`);
} finally {
  await t.stop();
}

/** One store whose worker is killed while helm runs for it, at any moment of its run. */
async function takeOver(
  platform: SimulatedPlatform,
  env: Readonly<Record<string, string>>,
  round: number,
): Promise<Phases> {
  const store = await platform.createStore(`Take over ${round + 1}`);
  const worker = await waitFor({ what: 'a worker to run helm', timeoutMs: 60_000, intervalMs: 10 }, async () => {
    const pids = await findAncestors(`--namespace=store-${store.id}`);
    return platform.services('worker').find((one) => pids.has(one.pid() ?? 0)) ?? new NotYet('no helm');
  });
  await sleep(Math.random() * 1_500);
  const fence = await readFence(platform, store.id);
  const killedAt = performance.now();
  await worker.kill();
  const resumed = await waitFor({ what: 'the next attempt', timeoutMs: 60_000, intervalMs: 10 }, async () => {
    const now = await readFence(platform, store.id);
    return now > fence ? performance.now() - killedAt : new NotYet(`fence ${now}`);
  });
  await platform.waitForStatus(store.id, 'ready', 120_000);
  const ready = performance.now() - killedAt;
  await worker.start(env);
  await worker.untilReady();
  await deleteStore(platform, store);
  return { total: resumed, 'ready (not compared)': ready };
}

async function readFence({ redis }: SimulatedPlatform, id: string): Promise<number> {
  const attempt = await redis.hget(`urumi:store:${id}`, 'attempt');
  return attempt === null ? 0 : (JSON.parse(attempt) as { fence: number }).fence;
}

/** Pids of the processes above the one that has this argument. */
async function findAncestors(argument: string): Promise<Set<number>> {
  const found = new Set<number>();
  for (const pid of await listPids()) {
    if (!readOfProcess(pid, 'cmdline').split('\0').includes(argument)) continue;
    for (let parent = pid; parent > 1; parent = await readParent(parent)) found.add(parent);
  }
  return found;
}

async function readParent(pid: number): Promise<number> {
  const status = readOfProcess(pid, 'status');
  return Number(/^PPid:\s+(?<pid>\d+)/m.exec(status)?.groups?.['pid'] ?? 0);
}

async function enter(round: number, contestant: Contestant['name'], run: () => Promise<Phases>): Promise<Entry> {
  const base = { round, place: 0, contestant };
  const entry = await run().then(
    (phases): Entry => ({ ...base, phases, fault: null }),
    (error: unknown): Entry => ({ ...base, phases: null, fault: String(error) }),
  );
  const outcome = entry.phases === null ? `void: ${entry.fault}` : `${(entry.phases.total / 1000).toFixed(2)} s`;
  process.stdout.write(`  round ${round + 1}: ${contestant}: ${outcome}\n`);
  return entry;
}
