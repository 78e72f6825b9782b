/**
 * Brings up a whole Urumi on this machine: Redis and the services first, so that the dashboard answers at once, then the
 * embedded cluster behind them. Used by `start.sh` and by the end-to-end tests.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { up, type Cluster } from '@urumi/embedded/cluster/up';
import { buildImages, type ImageName } from '@urumi/images/build';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { bootstrapCluster } from './bootstrap-cluster.ts';
import { forgetEverything, hasCluster, stopCluster, toClusterFolder, toClusterRequest } from './cluster-home.ts';
import { keepRunning, type KeptService } from './keep-running.ts';
import type { Places } from './places.ts';
import { installRoles, writeIdentities } from './platform-roles.ts';
import { isPortFree } from './ports.ts';
import { keepSecret } from './private-file.ts';
import { sumProgress, type Part } from './progress.ts';
import { summarize } from './summarize.ts';
import { startRedis } from './redis-server.ts';
import { awaitOldRedis, writeNote } from './running.ts';
import { startService, type ServiceName, type ServiceSettings } from './services.ts';
import { writeStoreValues } from './store-values.ts';
import type { EngineState } from './woocommerce/keeper.ts';
import { offerWooCommerce } from './woocommerce/offer.ts';

export interface PlatformOptions {
  readonly places: Places;
  readonly storage: 'durable' | 'memory';
  readonly httpPort: number;
  readonly ingressPort: number;
  /** Removes stores, orders and records of earlier runs first; the token stays. */
  readonly fresh: boolean;
  readonly overrides?: ServiceSettings['overrides'];
  /** Where the plugin archive may be named besides the settings file; nowhere by default. */
  readonly archiveEnv?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface Platform {
  readonly url: string;
  readonly token: string;
  readonly redisUrl: string;
  readonly services: Readonly<Record<ServiceName, KeptService>>;
  /** Resolves when the cluster takes stores; rejects with the reason why it cannot. */
  readonly cluster: Promise<Cluster>;
  /** Whether WooCommerce can be made, as it was at the start; changes are said. */
  readonly woocommerce: EngineState;
  /** Stops everything in order: services, cluster, Redis. Safe to repeat. */
  stop(): Promise<void>;
}

const apiPatienceMs = 30_000;

/** What every installation can make; WooCommerce needs an archive that the operator gives. */
const ownImages: readonly ImageName[] = ['medusa-server', 'medusa-storefront', 'postgres-medusa'];

/** @throws Error with a sentence for people; what was started before is stopped again */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { places, say } = options;
  const stops = new StopList();
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  try {
    await mkdir(places.kubeconfigs, { recursive: true, mode: 0o700 });
    await awaitOldRedis(places);
    // A killed worker leaves helm's caches there.
    await rm(places.temporary, { recursive: true, force: true });
    await mkdir(places.temporary, { mode: 0o700 });
    // Whatever still runs from this folder belongs to a dead run: the caller sees to it that nobody else uses it.
    await stopCluster(options);
    if (options.fresh || existsSync(places.forgetting)) await forgetEverything(options);
    await assertPortsFree(options);
    const clusterIsNew = !hasCluster(options);

    const redis = await startRedis(places);
    stops.add(() => redis.child.stop());
    const url = `http://localhost:${options.httpPort}`;
    await writeNote(places, url, redis.child.pid);
    const token = await keepSecret(places.token);
    const repository = await openRepository(redis.url, stops);
    // Nothing can be adopted from a cluster that does not exist yet, so wishes may be recorded at once.
    if (clusterIsNew) await repository.openGate();
    await repository.writeClusterProgress(
      sumProgress([{ label: 'Starting the cluster', fraction: 0, secondsLeft: null }], Date.now()),
    );
    await writeStoreValues(places, options.ingressPort);

    const helm = join(toClusterFolder(options), 'bin', 'helm');
    const settings: ServiceSettings = { ...options, redisUrl: redis.url, helm };
    // The dashboard answers before the cluster takes the cores.
    const api = await keepRunning('api', () => startService('api', settings), say);
    stops.add(() => api.stop());
    await waitForApi(options, signal);
    const starts: Promise<Cluster>[] = [];
    const cluster = keepCluster(options, repository, { onStart: (ready) => starts.push(ready), signal });
    // Whoever waits for the cluster gets its failure; nobody waiting must not end the process.
    cluster.catch(() => undefined);
    const offer = offerWooCommerce({
      ...options,
      env: options.archiveEnv ?? {},
      repository,
      cluster: { countStarts: () => starts.length, newest: () => starts.at(-1) ?? cluster },
      signal,
    });
    stops.add(async () => {
      await Promise.allSettled([cluster, offer.ended]);
      await stopCluster(options);
    });
    const worker = await keepRunning('worker', () => startService('worker', settings), say);
    stops.add(() => worker.stop());
    const reconciler = await keepRunning('reconciler', () => startService('reconciler', settings), say);
    stops.add(() => reconciler.stop());
    stops.add(async () => ending.abort(new Error('Urumi is being stopped')));
    return {
      url,
      token,
      redisUrl: redis.url,
      services: { api, worker, reconciler },
      cluster,
      woocommerce: await offer.first,
      stop: () => stops.run(),
    };
  } catch (error) {
    ending.abort(error);
    await stops.run();
    throw error;
  }
}

/** @throws Error that names the port and the option that chooses another */
async function assertPortsFree({ httpPort, ingressPort }: PlatformOptions): Promise<void> {
  for (const [port, option] of [
    [httpPort, '--port'],
    [ingressPort, '--shop-port'],
  ] as const) {
    if (await isPortFree(port)) continue;
    throw new Error(`port ${port} is in use on this machine. Free it, or choose another with ${option}`);
  }
}

async function openRepository(redisUrl: string, stops: StopList): Promise<StoreRepository> {
  const connection = connectFailFast(redisUrl);
  stops.add(async () => connection.disconnect());
  await waitUntilReady(connection, 10_000);
  return new StoreRepository(connection);
}

/** Resolves with the first start; a cluster that ends by itself afterwards is brought up again. */
async function keepCluster(
  options: PlatformOptions,
  repository: StoreRepository,
  { onStart, signal }: { readonly onStart: (ready: Promise<Cluster>) => void; readonly signal: AbortSignal },
): Promise<Cluster> {
  const start = (): Promise<Cluster> => {
    const ready = bringUpCluster(options, repository, signal);
    onStart(ready);
    return ready;
  };
  const first = await start();
  const watch = async (): Promise<void> => {
    for (let cluster = first; ;) {
      await cluster.ended(signal);
      options.say('The cluster ended by itself and is started again. Shops are away meanwhile, nothing is lost.');
      cluster = await start();
    }
  };
  watch().catch((error: unknown) => {
    if (!signal.aborted) options.say(`The cluster is away. Stop Urumi and start it again. ${summarize(error)}`);
  });
  return first;
}

/** Cluster and images side by side; then the roles and identities that the services wait for. */
async function bringUpCluster(
  options: PlatformOptions,
  repository: StoreRepository,
  signal: AbortSignal,
): Promise<Cluster> {
  const { places, say } = options;
  const board = new ProgressBoard(repository, say);
  try {
    board.update('cluster', { label: 'Installing what the cluster needs', fraction: 0, secondsLeft: null });
    await bootstrapCluster(signal);
    const [cluster, images] = await Promise.all([
      up(
        { ...toClusterRequest(options), owner: 'caller' },
        {
          signal,
          onProgress: (progress) =>
            board.update('cluster', {
              label: progress.label,
              fraction: progress.percent / 100,
              secondsLeft: progress.secondsLeft,
            }),
        },
      ),
      buildImages(ownImages, {
        signal,
        onProgress: ({ text, done, total }) =>
          board.update('images', { label: text, fraction: done / Math.max(1, total), secondsLeft: null }),
      }),
    ]);
    board.update('cluster', { label: 'Cluster', fraction: 1, secondsLeft: 0 });
    board.update('images', { label: 'Images', fraction: 1, secondsLeft: 0 });
    for (const [index, image] of images.entries()) {
      board.update('load', {
        label: `Loading ${image.name}`,
        fraction: index / images.length,
        secondsLeft: 8 * (images.length - index),
      });
      await cluster.loadImage(image.tar, signal);
    }
    await writeStoreValues(places, options.ingressPort, images);
    await installRoles(cluster, signal);
    await writeIdentities(cluster, places, signal);
    board.update('load', { label: 'The cluster takes stores', fraction: 1, secondsLeft: 0 });
    await board.settled();
    return cluster;
  } catch (error) {
    await board.fail(error);
    throw error;
  }
}

/** Collects the parts' progress, writes it where `GET /api/me` reads it, and says each new step once. */
class ProgressBoard {
  readonly #parts = new Map<string, Part>(
    ['cluster', 'images', 'load'].map((name) => [
      name,
      { label: 'Preparing this machine', fraction: 0, secondsLeft: null },
    ]),
  );
  readonly #repository: StoreRepository;
  readonly #say: (line: string) => void;
  #written: Promise<void> = Promise.resolve();
  #saidAt = 0;
  #said = '';

  constructor(repository: StoreRepository, say: (line: string) => void) {
    this.#repository = repository;
    this.#say = say;
  }

  update(name: string, part: Part): void {
    this.#parts.set(name, part);
    const sum = sumProgress([...this.#parts.values()], Date.now());
    this.#write(sum);
    // The same step again is worth a line only now and then.
    if (part.label === this.#said || (performance.now() - this.#saidAt < 2_000 && part.fraction < 1)) return;
    this.#said = part.label;
    this.#saidAt = performance.now();
    const left = sum.secondsLeft ? `, about ${Math.max(1, Math.ceil(sum.secondsLeft / 60))} min left` : '';
    this.#say(`cluster ${sum.percent} %: ${part.label}${left}`);
  }

  async fail(error: unknown): Promise<void> {
    const label = `The cluster could not be started. ${summarize(error)}`;
    this.#write({ step: 'failed', label, percent: 0, secondsLeft: null, ready: false, at: Date.now() });
    await this.settled();
  }

  settled(): Promise<void> {
    return this.#written;
  }

  /** Progress is a courtesy: a write that fails while everything stops must not hide the real cause. */
  #write(progress: Parameters<StoreRepository['writeClusterProgress']>[0]): void {
    this.#written = this.#written
      .then(() => this.#repository.writeClusterProgress(progress))
      .catch((error: unknown) => {
        process.stderr.write(
          `progress could not be written: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      });
  }
}

async function waitForApi(options: PlatformOptions, signal: AbortSignal): Promise<void> {
  const until = performance.now() + apiPatienceMs;
  while (performance.now() < until) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`http://127.0.0.1:${options.httpPort}/livez`, { signal: AbortSignal.timeout(1_000) });
      if (answer.ok) return;
    } catch {
      // Not listening yet: asked again until the deadline.
    }
    await sleep(50, undefined, { signal });
  }
  throw new Error(`the api does not answer: see ${join(options.places.logs, 'api.log')}`);
}

/** What has to be stopped, in the order it was started. */
class StopList {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Runs every step, the last added first, also after one failed. @throws AggregateError with what went wrong */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(summarize).join('; '));
  }
}
