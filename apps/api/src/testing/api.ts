/** The real api on a real Redis for one test file: own port, own data, all gone after `stop`. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { startTestRedis, type RedisSettings, type TestRedis } from '@urumi/shared/testing/redis';
import { pino, type DestinationStream } from 'pino';
import supertest from 'supertest';
import { digestToken } from '../auth/token-digest.ts';
import type { ApiConfig } from '../config.ts';
import { createApp } from '../create-app.ts';

export const token = 'an-admin-token-for-tests-only';
export type Method = 'get' | 'post' | 'delete' | 'put' | 'patch';

export interface TestApi {
  readonly app: NestExpressApplication;
  /** The test's own look into Redis. */
  readonly redis: ReturnType<typeof connectFailFast>;
  readonly repository: StoreRepository;
  /** A request with the admin token. */
  call(method: Method, path: string): supertest.Test;
  /** A request without any. */
  callAnonymously(method: Method, path: string): supertest.Test;
  /** Makes a store and returns its id. */
  create(name: string): Promise<string>;
  stop(): Promise<void>;
}

function buildTestConfig(changes: Partial<ApiConfig> & Pick<ApiConfig, 'redisUrl'>): ApiConfig {
  return {
    logLevel: 'info',
    http: { host: '127.0.0.1', port: 0 },
    ops: null,
    allowUnsafeRedis: false,
    baseDomain: 'shops.test',
    adminToken: digestToken(token),
    tokensFile: null,
    storesMax: 1_000,
    enginesUnavailable: { woocommerce: 'WooCommerce is not on this cluster.' },
    failedLoginsMax: 1_000,
    storeAddress: { scheme: 'http', port: 8080 },
    dashboardDir: null,
    ...changes,
  };
}

/** @param log  where log lines go; nowhere by default */
export async function startApi(
  server: TestRedis,
  changes: Partial<ApiConfig> = {},
  log?: DestinationStream,
): Promise<TestApi> {
  const logger = log ? pino({ level: 'debug' }, log) : pino({ level: 'silent' });
  const app = await createApp(buildTestConfig({ redisUrl: server.url, ...changes }), logger);
  await app.listen(0, '127.0.0.1');
  const redis = connectFailFast(server.url);
  const anonymous = supertest(app.getHttpServer());
  const callAnonymously: TestApi['callAnonymously'] = (method, path) => anonymous[method](path);
  const call: TestApi['call'] = (method, path) => callAnonymously(method, path).set('Authorization', `Bearer ${token}`);
  return {
    app,
    redis,
    repository: new StoreRepository(redis),
    call,
    callAnonymously,
    create: async (name) => {
      const answer = await call('post', '/api/stores').send({ name, engine: 'medusa' });
      if (answer.status !== 202) throw new Error(`no store: ${answer.text}`);
      return (answer.body as { id: string }).id;
    },
    stop: async () => {
      redis.disconnect();
      await app.close();
    },
  };
}

/** The same on a Redis of its own, with the gate open: ready to take wishes. */
export async function startApiWithRedis(
  changes: Partial<ApiConfig> = {},
  log?: DestinationStream,
  settings: RedisSettings = {},
): Promise<TestApi & { readonly server: TestRedis }> {
  const server = await startTestRedis(settings);
  const api = await startApi(server, changes, log);
  await waitUntilReady(api.redis, 5_000);
  await api.repository.openGate();
  const stop = async (): Promise<void> => {
    await api.stop();
    await server.stop();
  };
  return { ...api, server, stop };
}
