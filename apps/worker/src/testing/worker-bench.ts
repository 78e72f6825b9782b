/**
 * A bench for whole attempts: a real Redis, the fake cluster, the fake helm and the worker as a process of its own. A test
 * makes stores as the api does, then looks at records, jobs, the cluster and helm's journal.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generateStoreId } from '@urumi/shared/domain/store-id';
import type { ApiEvent } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { publishWish } from '@urumi/shared/server/queue/wishes';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { createStore } from '@urumi/shared/server/store/creation';
import { keys } from '@urumi/shared/server/store/keys';
import { openDoor } from '@urumi/shared/server/store/door';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { startTestRedis } from '@urumi/shared/testing/redis';
import { FakeCluster } from './fake-cluster.ts';

export interface HelmRun {
  readonly args: readonly string[];
  readonly values: string;
  readonly env: readonly string[];
  readonly pid: number;
  /** Earlier runs for the same store that had not ended when this one began. */
  readonly beside: readonly number[];
}

export interface HelmControl {
  readonly delayMs?: number;
  readonly exitCode?: number;
  readonly stderr?: string;
  readonly ignoresSigterm?: boolean;
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
}

export type WorkerBench = Awaited<ReturnType<typeof openWorkerBench>>;

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const fakeHelm = fileURLToPath(new URL('../../test/fixtures/fake-helm.mjs', import.meta.url));

export async function openWorkerBench() {
  const redisServer = await startTestRedis();
  const cluster = await FakeCluster.start();
  const folder = await mkdtemp(join(tmpdir(), 'urumi-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig);
  await chmod(fakeHelm, 0o755);
  const redis = connectFailFast(redisServer.url);
  await waitUntilReady(redis, 5_000);
  const repository = new StoreRepository(redis);
  await repository.openGate();
  const queue = openStoreQueue(redis);
  const doorbell = new Doorbell(queue, redis);
  const door = openDoor<ApiEvent>(redis);
  const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 10 });
  const workers: WorkerProcess[] = [];

  const ring = ({ identity, desired }: StoreRecord): Promise<void> =>
    doorbell.ring(
      {
        storeId: identity.id,
        generation: desired.generation,
        intent: desired.intent,
        owner: identity.owner,
        traceId: 'trace',
      },
      'wish',
    );

  const bench = {
    cluster,
    folder,
    kubeconfig,
    queue,
    repository,

    /** Starts an attempt and lets its lease run out at once, as if its worker had died. */
    async startAndDie(id: string): Promise<string> {
      const { outcome } = await keeper.start(id);
      await redis.del(keys.lease(id));
      return outcome;
    },

    /** No test can follow in this bench. */
    async endRedis(): Promise<void> {
      await redisServer.kill();
    },

    async shutGate(): Promise<void> {
      await redis.del(keys.gate);
    },

    async startWorker(): Promise<WorkerProcess> {
      const child = spawn(process.execPath, ['--conditions=@urumi/source', main], {
        env: {
          PATH: process.env['PATH'],
          TMPDIR: folder,
          REDIS_URL: redisServer.url,
          KUBECONFIG: kubeconfig,
          HELM_BIN: fakeHelm,
          STORE_CHART: 'chart',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const worker = { child, output: () => output };
      workers.push(worker);
      await bench.until('the worker is up', () => output.includes('worker is up'));
      return worker;
    },

    /** Makes a store as the api does. */
    async create(ringIt = true): Promise<string> {
      const id = generateStoreId();
      const { record } = await createStore(redis, {
        id,
        owner: 'owner',
        actor: 'owner',
        name: `Shop ${id} {{ .Values }} --kubeconfig=x`,
        engine: 'medusa',
        plan: 'S',
        host: `${id}.localhost`,
        storesMax: 100,
        idempotency: null,
      });
      if (ringIt) await ring(record);
      return id;
    },

    async wish(id: string, event: ApiEvent): Promise<void> {
      const answer = await door.apply(id, event);
      if (answer.outcome === 'refused') throw new Error(`${event.type} was refused: ${answer.refusal}`);
      await publishWish(redis, id);
      await ring(answer.record);
    },

    async ring(id: string): Promise<void> {
      await ring(await bench.record(id));
    },

    async record(id: string): Promise<StoreRecord> {
      const snapshot = await repository.read(id);
      if (snapshot === null) throw new Error(`no store ${id}`);
      return snapshot.record;
    },

    async jobs(id: string) {
      const jobs = await queue.getJobs();
      return jobs.filter((job) => job.data.storeId === id).sort((a, b) => a.timestamp - b.timestamp);
    },

    async controlHelm(control: HelmControl): Promise<void> {
      await writeFile(join(folder, 'helm-control.json'), JSON.stringify(control));
    },

    /** Runs of helm for one store, oldest first. */
    async helmRuns(id: string): Promise<HelmRun[]> {
      const text = await readFile(join(folder, 'helm-journal.jsonl'), 'utf8').catch(() => '');
      const runs = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as HelmRun]));
      return runs.filter(({ args }) => args.includes(`--namespace=store-${id}`));
    },

    async until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
      const end = performance.now() + timeoutMs;
      while (!(await holds())) {
        if (performance.now() > end) {
          throw new Error(
            `not within ${timeoutMs} ms: ${what}\n${workers.map(({ output }) => output()).join('\n---\n')}`,
          );
        }
        await sleep(25);
      }
    },

    async close(): Promise<void> {
      for (const { child } of workers) await endProcess(child);
      redis.disconnect();
      await queue.close();
      await cluster.stop();
      await redisServer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** True while a process with this id runs (a zombie does not). */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) [ZX] /.test(stat);
}
