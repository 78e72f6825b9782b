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
import type { ApiEvent, ReconcilerEvent } from '@urumi/shared/domain/events';
import { recordSchemaNumber, type StoreRecord } from '@urumi/shared/domain/store';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { publishWish } from '@urumi/shared/server/queue/wishes';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { createStore } from '@urumi/shared/server/store/creation';
import { keys } from '@urumi/shared/server/store/keys';
import { openDoor } from '@urumi/shared/server/store/door';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { startTestRedis } from '@urumi/shared/testing/redis';
import { TcpProxy } from '@urumi/shared/testing/tcp-proxy';
import { FakeCluster } from './fake-cluster.ts';

export interface HelmRun {
  readonly args: readonly string[];
  readonly values: string;
  readonly env: readonly string[];
  readonly pid: number;
  /** Earlier runs for the same store that had not ended when this one began. */
  readonly beside: readonly number[];
}

interface HelmBehaviour {
  readonly delayMs?: number;
  readonly exitCode?: number;
  readonly stderr?: string;
  readonly ignoresSigterm?: boolean;
  /** What it writes into its cache. */
  readonly cacheBytes?: number;
  /** Ends the worker that started it, as a job would that breaks its process. */
  readonly killsWorker?: boolean;
}

export interface HelmControl extends HelmBehaviour {
  /** For one store alone, by its id. */
  readonly stores?: Readonly<Record<string, HelmBehaviour>>;
}

/** From the first to the last sign of life of one run of helm, by the system's monotonic clock, in milliseconds. */
export interface HelmSpan {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
}

const preloads = ['busy-loop', 'clock-jump', 'newer-release'] as const;

export interface WorkerOptions {
  /** Its bearer token at the cluster, which names its calls there. */
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is done to it before it starts. */
  readonly preload?: (typeof preloads)[number];
  /** Its Redis is behind this port. */
  readonly redisPort?: number;
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
}

export type WorkerBench = Awaited<ReturnType<typeof openWorkerBench>>;

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const fakeHelm = fileURLToPath(new URL('../../test/fixtures/fake-helm.mjs', import.meta.url));
const preloadFolder = new URL('../../test/fixtures/preload/', import.meta.url);

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
  const evidenceDoor = openDoor<ReconcilerEvent>(redis);
  const keeper = new LeaseKeeper(redis, { leaseMs: 6_000, runningPerOwnerMax: 10 });
  const workers: WorkerProcess[] = [];
  const proxies: TcpProxy[] = [];

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
    redisPort: redisServer.port,
    repository,

    /** Ends with the bench. */
    async startRedisProxy(): Promise<TcpProxy> {
      const proxy = await TcpProxy.start(redisServer.port);
      proxies.push(proxy);
      return proxy;
    },

    /** Lets a stored record look like one of the next release. */
    async raiseSchema(id: string): Promise<void> {
      await redis.hset(keys.store(id), 'schema', recordSchemaNumber + 1);
    },

    /** How long the store's lease still has, in milliseconds; not above 0 where there is none. */
    async leaseRestMs(id: string): Promise<number> {
      return redis.pttl(keys.lease(id));
    },

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

    async startWorker({ name, env, preload, redisPort }: WorkerOptions = {}): Promise<WorkerProcess> {
      const own = name === undefined ? kubeconfig : join(folder, `kubeconfig-${name}`);
      if (name !== undefined) await writeFile(own, cluster.kubeconfigFor(name));
      const imports = preload === undefined ? [] : [`--import=${new URL(`${preload}.mjs`, preloadFolder).href}`];
      const child = spawn(process.execPath, ['--conditions=@urumi/source', ...imports, main], {
        env: {
          PATH: process.env['PATH'],
          TMPDIR: folder,
          REDIS_URL: `redis://127.0.0.1:${redisPort ?? redisServer.port}`,
          KUBECONFIG: own,
          HELM_BIN: fakeHelm,
          STORE_CHART: 'chart',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const worker = { child, output: () => output };
      workers.push(worker);
      await bench.until('the worker is up', () => output.includes('worker is up'), 60_000);
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

    /** @param announced  false: the message to running attempts is lost */
    async wish(id: string, event: ApiEvent, announced = true): Promise<void> {
      const answer = await door.apply(id, event);
      if (answer.outcome === 'refused') throw new Error(`${event.type} was refused: ${answer.refusal}`);
      if (announced) await publishWish(redis, id);
      await ring(answer.record);
    },

    /** Says what a reconciler would. */
    async observe(id: string, event: ReconcilerEvent): Promise<void> {
      const answer = await evidenceDoor.apply(id, event);
      if (answer.outcome === 'refused') throw new Error(`${event.type} was refused: ${answer.refusal}`);
    },

    async ring(id: string): Promise<void> {
      await ring(await bench.record(id));
    },

    /** Rings for a store whose record this process cannot read. */
    async ringUnread(id: string): Promise<void> {
      await doorbell.ring({ storeId: id, generation: 1, intent: 'present', owner: 'owner', traceId: 'trace' }, 'wish');
    },

    /** State of the store's first job. */
    async jobState(id: string): Promise<string | undefined> {
      return (await bench.jobs(id))[0]?.getState();
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

    /** How long each run of helm for a store lived, oldest first. */
    async helmSpans(id: string): Promise<HelmSpan[]> {
      const text = await readFile(join(folder, 'helm-audit.jsonl'), 'utf8').catch(() => '');
      const spans = new Map<number, HelmSpan>();
      for (const line of text.split('\n')) {
        if (!line.endsWith('}') || !line.includes(`"store-${id}"`)) continue;
        const { pid, at } = JSON.parse(line) as { pid: number; at: number };
        spans.set(pid, { pid, from: spans.get(pid)?.from ?? at, to: at });
      }
      return [...spans.values()].toSorted((a, b) => a.from - b.from);
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
      for (const proxy of proxies) await proxy.close();
      redis.disconnect();
      await queue.close();
      await cluster.stop();
      await redisServer.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
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

/** Runs that were under way at the same time, as pairs of pids: empty where there was one writer at any moment. */
export function findOverlaps(spans: readonly HelmSpan[]): (readonly [number, number])[] {
  return spans.flatMap((span, index) =>
    spans.slice(index + 1).flatMap((later) => (later.from <= span.to ? [[span.pid, later.pid] as const] : [])),
  );
}
