/**
 * A small world for the reconciler: a real Redis, a fake API server, a server that answers as the ingress, and the worker's
 * events said by hand. Times are short; what is judged is the same.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { engines, type EngineId } from '@urumi/shared/domain/engines/catalog';
import type { ApiEvent, WorkerEvent } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { buildLogger } from '@urumi/shared/server/ops/logger';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { publishWish } from '@urumi/shared/server/queue/wishes';
import { connectBlocking, connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { createStore } from '@urumi/shared/server/store/creation';
import { openDoor } from '@urumi/shared/server/store/door';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import type { TestRedis } from '@urumi/shared/testing/redis';
import { Registry } from 'prom-client';
import { readConfig } from '../config.ts';
import { startReconciler, type RunningReconciler } from '../reconciler.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { complete, rawJob, rawNamespace, rawSurroundings, rawWorkload } from './objects.ts';
import { waitUntil } from './wait-until.ts';

type Redis = ReturnType<typeof connectFailFast>;

const { medusa, woocommerce } = engines;

export class World {
  readonly cluster = new FakeApiServer();
  readonly registry = new Registry();
  /** What the ingress answers, by store id; without an entry the shop's page. */
  readonly pages = new Map<string, number | 'shop' | 'empty'>();
  readonly redis: Redis;
  readonly #subscriber: Redis;
  readonly repository;
  readonly api;
  readonly worker;
  readonly doorbell;
  readonly #queue;
  readonly #url: string;
  readonly #ingress = createServer((request, response) => {
    const id = (request.headers.host ?? '').split('.')[0] ?? '';
    const answer = this.pages.get(id) ?? 'shop';
    if (typeof answer === 'number') response.writeHead(answer).end();
    else
      response.end(
        medusa.probeMarker(id) + (answer === 'shop' ? medusa.productMarker + woocommerce.productMarker : ''),
      );
  });
  #port = 0;
  readonly #reconcilers: RunningReconciler[] = [];

  constructor(redis: TestRedis) {
    this.#url = redis.url;
    this.redis = connectFailFast(redis.url);
    this.#subscriber = connectBlocking(redis.url);
    this.repository = new StoreRepository(this.redis);
    this.api = openDoor<ApiEvent>(this.redis);
    this.worker = openDoor<WorkerEvent>(this.redis);
    this.#queue = openStoreQueue(this.redis);
    this.doorbell = new Doorbell(this.#queue, this.redis);
  }

  async open({ gate = true } = {}): Promise<void> {
    await waitUntilReady(this.redis, 10_000);
    await this.redis.flushall();
    if (gate) await this.repository.openGate();
    await this.cluster.start();
    await this.openIngress();
  }

  /** Any number of them may run; each is ended with the world, or by what this returns. */
  startReconciler(settings: Record<string, string> = {}): RunningReconciler {
    const config = readConfig({
      REDIS_URL: this.#url,
      PROBE_PORT: String(this.#port),
      PROBE_UNSETTLED_MS: '50',
      PROBE_READY_MS: '200',
      SWEEP_MS: '300',
      LEASE_MS: '600',
      ...settings,
    });
    const access = { server: new URL(this.cluster.url), tls: { rejectUnauthorized: true }, token: null };
    const reconciler = startReconciler({
      config,
      redis: this.redis,
      subscriber: this.#subscriber,
      readAccess: async () => access,
      logger: buildLogger('reconciler', 'silent'),
      // Only the first is measured: a registry takes each metric once.
      registry: this.#reconcilers.length === 0 ? this.registry : new Registry(),
    });
    this.#reconcilers.push(reconciler);
    return reconciler;
  }

  async close(): Promise<void> {
    await Promise.all(this.#reconcilers.splice(0).map((reconciler) => reconciler.stop()));
    await this.#queue.close();
    for (const connection of [this.redis, this.#subscriber]) connection.disconnect();
    await this.closeIngress();
    await this.cluster.stop();
  }

  async openIngress(): Promise<void> {
    this.#ingress.listen(this.#port, '127.0.0.1');
    await once(this.#ingress, 'listening');
    this.#port = (this.#ingress.address() as AddressInfo).port;
  }

  async closeIngress(): Promise<void> {
    if (!this.#ingress.listening) return;
    this.#ingress.closeAllConnections();
    this.#ingress.close();
    await once(this.#ingress, 'close');
  }

  async request(id: string, engine: EngineId = 'medusa', host = `${id}.localhost`): Promise<void> {
    const store = {
      id,
      owner: 'admin',
      actor: 'admin',
      name: `Shop ${id}`,
      engine,
      plan: 'S',
      host,
    } as const;
    await createStore(this.redis, { ...store, storesMax: 50, idempotency: null });
    await publishWish(this.redis, id);
  }

  /** As a worker does up to the moment when helm has put everything there, nothing of which runs yet. */
  async apply(id: string): Promise<void> {
    await this.worker.apply(id, { type: 'AttemptStarted', fence: 1, generation: 1 });
    const uid = this.cluster.put('namespaces', rawNamespace(id)).metadata.uid ?? '';
    await this.worker.apply(id, { type: 'NamespaceEnsured', generation: 1, namespaceUid: uid });
    for (const [resource, object] of rawSurroundings(id, 'medusa')) this.cluster.put(resource, object);
    this.cluster.put('statefulsets', rawWorkload(id, 'database', { available: 0 }));
    this.cluster.put('deployments', rawWorkload(id, 'server', { available: 0 }));
    this.cluster.put('deployments', rawWorkload(id, 'storefront', { available: 0 }));
    this.cluster.put('jobs', rawJob(id, []));
    await this.worker.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 });
  }

  /** As {@link apply}, for a store of one workload whose data comes from a template. */
  async applyFilled(id: string): Promise<void> {
    await this.worker.apply(id, { type: 'AttemptStarted', fence: 1, generation: 1 });
    const uid = this.cluster.put('namespaces', rawNamespace(id)).metadata.uid ?? '';
    await this.worker.apply(id, { type: 'NamespaceEnsured', generation: 1, namespaceUid: uid });
    for (const [resource, object] of rawSurroundings(id, 'woocommerce')) this.cluster.put(resource, object);
    this.cluster.put('statefulsets', rawWorkload(id, 'database', { available: 0 }));
    this.cluster.put('deployments', rawWorkload(id, 'web', { available: 0, setup: 'template' }));
    await this.worker.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 });
  }

  runAll(id: string): void {
    this.cluster.put('statefulsets', rawWorkload(id, 'database'));
    this.cluster.put('jobs', rawJob(id, complete));
    for (const component of ['server', 'storefront']) this.cluster.put('deployments', rawWorkload(id, component));
  }

  async makeReady(id: string): Promise<void> {
    await this.request(id);
    await this.apply(id);
    this.runAll(id);
    await this.waitForStatus(id, 'ready Healthy');
  }

  async status(id: string): Promise<string> {
    const read = await this.repository.read(id);
    return read ? `${read.record.status.value} ${read.record.status.reason}` : 'none';
  }

  async record(id: string): Promise<StoreRecord> {
    const read = await this.repository.read(id);
    if (read === null) throw new Error(`no record of ${id}`);
    return read.record;
  }

  waitForStatus(id: string, status: string): Promise<string> {
    return waitUntil(
      () => this.status(id),
      (seen) => seen === status,
      { what: `status ${status} of ${id}` },
    );
  }

  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const values = (await this.registry.getSingleMetric(name)?.get())?.values ?? [];
    const matching = values.filter((value) =>
      Object.entries(labels).every(([key, label]) => value.labels[key] === label),
    );
    return matching.reduce((sum, { value }) => sum + value, 0);
  }
}
