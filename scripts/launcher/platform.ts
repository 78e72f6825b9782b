/**
 * Brings up a whole Urumi on this machine: Redis and the services first, so that the dashboard answers at once, then the
 * embedded cluster behind them. Used by `start.sh` and by the end-to-end tests.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { down } from '@urumi/embedded/cluster/down';
import { up, type Cluster } from '@urumi/embedded/cluster/up';
import { resolveOptions } from '@urumi/embedded/cluster/options';
import { buildImages, imageNames } from '@urumi/images/build';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { bootstrapCluster } from './bootstrap-cluster.ts';
import { keepRunning, type KeptService } from './keep-running.ts';
import type { Places } from './places.ts';
import { installRoles, writeIdentities } from './platform-roles.ts';
import { keepSecret } from './private-file.ts';
import { sumProgress, type Part } from './progress.ts';
import { summarize } from './summarize.ts';
import { startRedis } from './redis-server.ts';
import { awaitOldRedis, writeNote } from './running.ts';
import { startService, type ServiceName, type ServiceSettings } from './services.ts';
import { writeStoreValues } from './store-values.ts';

export interface PlatformOptions {
  readonly places: Places;
  readonly clusterName: string;
  readonly storage: 'durable' | 'memory';
  readonly httpPort: number;
  readonly ingressPort: number;
  /** Removes stores, orders and records of earlier runs first; the token stays. */
  readonly fresh: boolean;
  readonly overrides?: ServiceSettings['overrides'];
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
  /** Stops everything in order: services, cluster, Redis. Safe to repeat. */
  stop(): Promise<void>;
}

const apiPatienceMs = 30_000;

/** @throws Error with a sentence for people; what was started before is stopped again */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { places, say } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  try {
    await mkdir(places.kubeconfigs, { recursive: true, mode: 0o700 });
    await awaitOldRedis(places);
    // A killed worker leaves helm's caches there.
    await rm(places.temporary, { recursive: true, force: true });
    await mkdir(places.temporary, { mode: 0o700 });
    if (options.fresh) await removeState(options);
    const clusterIsNew = options.fresh || !hasClusterState(options);

    const redis = await startRedis(places);
    stops.push(() => redis.child.stop());
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

    const helm = join(resolveStateDir(options), 'bin', 'helm');
    const settings: ServiceSettings = { ...options, redisUrl: redis.url, helm };
    // The dashboard answers before the cluster takes the cores.
    const api = await keepRunning('api', () => startService('api', settings), say);
    stops.push(() => api.stop());
    await waitForApi(options, signal);
    const cluster = bringUpCluster(options, repository, signal);
    // Whoever waits for the cluster gets its failure; nobody waiting must not end the process.
    cluster.catch(() => undefined);
    stops.push(() => stopCluster(options, cluster));
    const worker = await keepRunning('worker', () => startService('worker', settings), say);
    stops.push(() => worker.stop());
    const reconciler = await keepRunning('reconciler', () => startService('reconciler', settings), say);
    stops.push(() => reconciler.stop());
    stops.push(async () => ending.abort(new Error('Urumi is being stopped')));
    return { url, token, redisUrl: redis.url, services: { api, worker, reconciler }, cluster, stop: stopAll };
  } catch (error) {
    ending.abort(error);
    await stopAll();
    throw error;
  }
}

function resolveStateDir(options: PlatformOptions): string {
  return resolveOptions(toClusterRequest(options)).stateDir;
}

function toClusterRequest({ clusterName, storage, places, ingressPort }: PlatformOptions) {
  const stateDir = storage === 'durable' ? join(places.state, 'clusters', clusterName) : undefined;
  return { name: clusterName, storage, stateDir, apiPort: 0, ingressPort };
}

function hasClusterState(options: PlatformOptions): boolean {
  return options.storage === 'durable' && existsSync(join(resolveStateDir(options), 'pki'));
}

async function removeState(options: PlatformOptions): Promise<void> {
  await rm(options.places.redisFolder, { recursive: true, force: true });
}

async function openRepository(redisUrl: string, stops: (() => Promise<unknown>)[]): Promise<StoreRepository> {
  const connection = connectFailFast(redisUrl);
  stops.push(async () => connection.disconnect());
  await waitUntilReady(connection, 10_000);
  return new StoreRepository(connection);
}

async function stopCluster(options: PlatformOptions, cluster: Promise<Cluster>): Promise<void> {
  await cluster.catch(() => undefined);
  const { name, storage, stateDir } = toClusterRequest(options);
  await down({ name, storage, stateDir });
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
    await bootstrapCluster(signal);
    const [cluster, images] = await Promise.all([
      up(
        { ...toClusterRequest(options), owner: 'caller', fresh: options.fresh },
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
      buildImages(imageNames, {
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
