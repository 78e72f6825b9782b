/** A whole Urumi for one scenario: own state folder, own ports, a cluster in memory; nothing is left at the end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@urumi/embedded/cluster/up';
import { buildPlaces, type Places } from '@urumi/scripts/launcher/places';
import { startPlatform, type Platform } from '@urumi/scripts/launcher/platform';
import type { ServiceName } from '@urumi/scripts/launcher/services';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { Redis } from 'ioredis';
import { request, toJson, type Answer } from './http.ts';
import { NotYet, waitFor } from './wait.ts';

export interface StoreView {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly url: string;
  readonly status: { readonly value: string; readonly reason: string; readonly settled: boolean };
  readonly steps: readonly { readonly name: string; readonly state: string }[];
  readonly components: readonly { readonly name: string; readonly state: string; readonly detail: string }[];
  readonly explanation: { readonly object: string; readonly message: string; readonly command: string | null } | null;
}

/** Settings a scenario may change while it runs; a service takes them at its next start. */
export type Overrides = Partial<Record<ServiceName, Record<string, string>>>;

/** What a scenario asks of the api, whatever it runs on. */
export interface StoreCalls {
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  createStore(name: string, engine?: 'medusa' | 'woocommerce'): Promise<StoreView>;
  readStore(id: string): Promise<StoreView>;
  waitForStatus(id: string, status: string, timeoutMs?: number): Promise<StoreView>;
}

export interface TestPlatform extends StoreCalls {
  readonly platform: Platform;
  readonly cluster: Cluster;
  readonly places: Places;
  readonly httpPort: number;
  readonly ingressPort: number;
  readonly redis: Redis;
  readonly overrides: Overrides;
  kubectl(...args: string[]): Promise<string>;
  /** Ends a service's process; the launcher starts it again with the overrides of that moment. */
  restart(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

const ready = 240_000;

/** @param archiveEnv  settings of the WooCommerce archives; without them the engine is not available */
export async function startTestPlatform(archiveEnv: NodeJS.ProcessEnv = {}): Promise<TestPlatform> {
  const state = await mkdtemp(join(tmpdir(), 'urumi-e2e-'));
  const places = buildPlaces(state);
  const [httpPort, ingressPort] = [await findFreePort(), await findFreePort()];
  const overrides: Overrides = {};
  const platform = await startPlatform({
    places,
    storage: 'memory',
    httpPort,
    ingressPort,
    fresh: false,
    archiveEnv,
    overrides,
    signal: new AbortController().signal,
    say: (line) => process.stdout.write(`  ${line}\n`),
  });
  const redis = new Redis(platform.redisUrl);
  const stop = async (): Promise<void> => {
    redis.disconnect();
    await platform.stop();
    await rm(state, { recursive: true, force: true });
  };
  const cluster = await platform.cluster.catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  return {
    platform,
    cluster,
    places,
    httpPort,
    ingressPort,
    redis,
    overrides,
    ...buildStoreCalls({ httpPort, token: platform.token }),
    kubectl: async (...args) => (await cluster.kubectl(args)).stdout,
    restart: async (name) => {
      const pid = platform.services[name].pid();
      if (pid !== null) process.kill(pid, 'SIGKILL');
      await waitFor({ what: `${name} to run again`, timeoutMs: 30_000 }, async () => {
        const now = platform.services[name].pid();
        return now !== null && now !== pid ? now : new NotYet('the old process');
      });
      if (name !== 'api') return;
      await waitFor({ what: 'the api to answer again', timeoutMs: 30_000 }, () =>
        request({ port: httpPort, path: '/livez' }).catch((error: unknown) => new NotYet(String(error))),
      );
    },
    stop,
  };
}

export interface ApiDoor {
  /** Of the api that is asked, or of the ingress before it. */
  readonly httpPort: number;
  /** Where an ingress must be told. */
  readonly host?: string;
  readonly token: string;
}

export function buildStoreCalls({ httpPort, token, ...host }: ApiDoor): StoreCalls {
  const api: StoreCalls['api'] = (method, path, body, headers = {}) =>
    request({ ...host, port: httpPort, path, method, body, headers: { authorization: `Bearer ${token}`, ...headers } });
  const askStore = (id: string): Promise<Answer> => api('GET', `/api/stores/${id}`);
  const readStore = async (id: string): Promise<StoreView> => toJson(await askStore(id), 200);
  return {
    api,
    readStore,
    createStore: async (name, engine = 'medusa') => toJson(await api('POST', '/api/stores', { name, engine }), 202),
    waitForStatus: (id, status, timeoutMs = ready) =>
      waitFor({ what: `store ${id} to be ${status}`, timeoutMs }, async () => {
        const answer = await askStore(id);
        // A machine full of work may say so for a moment.
        if (answer.status === 503) return new NotYet(answer.body);
        const store = toJson<StoreView>(answer, 200);
        if (store.status.value === status) return store;
        return new NotYet(
          JSON.stringify({ status: store.status, components: store.components, explanation: store.explanation }),
        );
      }),
  };
}
