/**
 * A whole Urumi on simulated nodes for faults and chaos: control plane, Redis and every service as processes of their own
 * that only the test ends and starts, with a way that can be cut between any two. Nothing is left at the end.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { up, type Cluster } from '@urumi/embedded/cluster/up';
import { bootstrapCluster } from '@urumi/scripts/launcher/bootstrap-cluster';
import { toClusterName } from '@urumi/scripts/launcher/cluster-home';
import { buildPlaces, type Places } from '@urumi/scripts/launcher/places';
import { installRoles } from '@urumi/scripts/launcher/platform-roles';
import { keepSecret } from '@urumi/scripts/launcher/private-file';
import type { ServiceName } from '@urumi/scripts/launcher/services';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { Redis } from 'ioredis';
import { toJson } from './http.ts';
import { buildStoreCalls, type StoreCalls, type StoreView } from './platform.ts';
import { startShopperRoute, type ShopperRoute } from './shopper-route.ts';
import { SimulatedRedis } from './simulated-redis.ts';
import { startSimulatedService, type Environment, type SimulatedService } from './simulated-service.ts';
import { writeSimulatedValues } from './simulated-values.ts';
import { NotYet, waitFor } from './wait.ts';

export interface SimulatedOptions {
  /** How many of each; one unless given. */
  readonly count?: Readonly<Partial<Record<ServiceName, number>>>;
  /** Settings of each role at every start; a single start may put others over them. */
  readonly env?: Readonly<Partial<Record<ServiceName, Environment>>>;
}

export interface SimulatedPlatform extends StoreCalls {
  readonly cluster: Cluster;
  readonly places: Places;
  /** Of `api-1`, which the calls go to. */
  readonly httpPort: number;
  readonly token: string;
  /** Of the shopper's route. */
  readonly ingressPort: number;
  readonly route: ShopperRoute;
  /** The test's own connection; it comes back by itself after a restart of Redis. */
  readonly redis: Redis;
  readonly redisServer: SimulatedRedis;
  /** By name: `api-1`, `worker-1`, `reconciler-1`. @throws Error for another */
  service(name: string): SimulatedService;
  services(role?: ServiceName): readonly SimulatedService[];
  addService(role: ServiceName): Promise<SimulatedService>;
  /** Until the api takes changes: after Redis was away, or began anew, it refuses them with 503 for a while. */
  createWhenOpen(name: string, engine?: 'medusa' | 'woocommerce', timeoutMs?: number): Promise<StoreView>;
  /** As the administrator, past every proxy. */
  kubectl(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @throws Error; what was started before is stopped again */
export async function startSimulatedPlatform({
  count = {},
  env = {},
}: SimulatedOptions = {}): Promise<SimulatedPlatform> {
  const state = await mkdtemp(join(tmpdir(), 'urumi-sim-'));
  const places = buildPlaces(state);
  const stops: (() => Promise<unknown>)[] = [() => rm(state, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const step of stops.splice(0).reverse()) await step().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'not everything stopped in order');
  };
  try {
    const signal = new AbortController().signal;
    await mkdir(places.kubeconfigs, { recursive: true, mode: 0o700 });
    await mkdir(places.temporary, { recursive: true, mode: 0o700 });
    await bootstrapCluster(signal);
    const redisServer = await SimulatedRedis.start(places);
    stops.push(() => redisServer.close());
    const name = toClusterName(places);
    const cluster = await up({ name, storage: 'memory', nodes: 'simulated', apiPort: 0, owner: 'caller' });
    stops.push(() => cluster.down());
    const route = await startShopperRoute(cluster.kubeconfig);
    stops.push(() => route.close());
    await installRoles(cluster, signal);
    await writeSimulatedValues(places, route.port);
    const token = await keepSecret(places.token);
    const way = await redisServer.openWay();
    await openGate(way.url);

    const started: (SimulatedService & { close(): Promise<void> })[] = [];
    const addService = async (role: ServiceName): Promise<SimulatedService> => {
      const name = `${role}-${started.filter((one) => one.role === role).length + 1}`;
      const own = role === 'api' ? { URUMI_ENGINES_UNAVAILABLE: '{}', ...env.api } : { ...env[role] };
      const parts = { places, cluster, redis: redisServer, ingressPort: route.port, env: own };
      const service = await startSimulatedService(name, role, parts);
      started.push(service);
      return service;
    };
    stops.push(() => Promise.all(started.map((service) => service.close())));
    for (const role of ['api', 'worker', 'reconciler'] as const) {
      for (let index = 0; index < (count[role] ?? 1); index += 1) await addService(role);
    }
    await Promise.all(started.map((service) => service.untilReady()));

    const redis = new Redis(way.url);
    // Redis is killed by tests: commands that fail then say so themselves.
    redis.on('error', () => undefined);
    stops.push(async () => redis.disconnect());
    const service = (name: string): SimulatedService => {
      const found = started.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no service is called ${name}`);
      return found;
    };
    const httpPort = service('api-1').httpPort;
    const calls = buildStoreCalls({ httpPort, token });
    return {
      ...calls,
      createWhenOpen: (name, engine = 'medusa', timeoutMs = 60_000) =>
        waitFor({ what: 'the api to take changes', timeoutMs }, async () => {
          const answer = await calls.api('POST', '/api/stores', { name, engine });
          return answer.status === 503 ? new NotYet(answer.body) : toJson<StoreView>(answer, 202);
        }),
      cluster,
      places,
      httpPort,
      token,
      ingressPort: route.port,
      route,
      redis,
      redisServer,
      service,
      services: (role) => started.filter((one) => role === undefined || one.role === role),
      addService,
      kubectl: async (...args) => (await cluster.kubectl(args)).stdout,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As the launcher does for a new cluster: there is nothing to adopt, so wishes may be recorded at once. */
async function openGate(redisUrl: string): Promise<void> {
  const connection = connectFailFast(redisUrl);
  try {
    await waitUntilReady(connection, 10_000);
    const repository = new StoreRepository(connection);
    await repository.openGate();
    const ready = { step: 'ready', label: 'The cluster takes stores', percent: 100, secondsLeft: 0, ready: true };
    await repository.writeClusterProgress({ ...ready, at: Date.now() });
  } finally {
    connection.disconnect();
  }
}
