/**
 * Brings up a whole Urumi on this machine: Redis and the services first, so that the dashboard answers at once, then the
 * embedded cluster behind them. Used by `start.sh` and by the end-to-end tests.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@urumi/embedded/cluster/up';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { bringUpWithImages, shopImages } from './cluster-with-images.ts';
import { forgetEverything, hasCluster, stopCluster, toClusterFolder } from './cluster-home.ts';
import { keepRunning, type KeptService } from './keep-running.ts';
import type { Places } from './places.ts';
import { installRoles, writeIdentities } from './platform-roles.ts';
import { assertPortsFree } from './ports.ts';
import { keepSecret } from './private-file.ts';
import { ProgressBoard } from './progress-board.ts';
import { sumProgress } from './progress.ts';
import { summarize } from './summarize.ts';
import { startRedis } from './redis-server.ts';
import { awaitOldRedis, writeNote } from './running.ts';
import { startService, type ServiceName, type ServiceSettings } from './services.ts';
import { StopList } from './stop-list.ts';
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
    await assertPortsFree([
      [options.httpPort, '--port'],
      [options.ingressPort, '--shop-port'],
    ]);
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

/** Cluster and images; then the roles and identities that the services wait for. */
async function bringUpCluster(
  options: PlatformOptions,
  repository: StoreRepository,
  signal: AbortSignal,
): Promise<Cluster> {
  const { places, say } = options;
  const board = new ProgressBoard((progress) => repository.writeClusterProgress(progress), say);
  try {
    const { cluster, images } = await bringUpWithImages(options, shopImages, board, signal);
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
