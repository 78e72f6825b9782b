/** The owed sweep beside a real api process that ends between the record and the ring. Needs the built api (`tsc -b`). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateStoreId } from '@urumi/shared/domain/store-id';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { firstPriority } from '@urumi/shared/server/queue/catalog';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { createStore } from '@urumi/shared/server/store/creation';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { countFor } from '@urumi/shared/testing/count';
import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ringOwed } from './owed.ts';

const apiFolder = new URL('../../../api/', import.meta.url).pathname;
const rounds = countFor({ change: 20, gate: 200 });
/** Processes at a time: each takes a second to start. */
const sideBySide = 2;
const token = 'an-admin-token-for-tests-only';

let server: TestRedis;
let folder: string;
let redis: ReturnType<typeof connectFailFast>;
let queue: ReturnType<typeof openStoreQueue>;
let repository: StoreRepository;
beforeAll(async () => {
  server = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'urumi-owed-'));
  await writeFile(join(folder, 'token'), token, { mode: 0o600 });
  redis = connectFailFast(server.url);
  await waitUntilReady(redis, 10_000);
  queue = openStoreQueue(redis);
  repository = new StoreRepository(redis);
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Posts to an api of its own, which ends before it can ring. @returns the signal it ended by */
async function postToDyingApi(name: string): Promise<string | null> {
  const port = await findFreePort();
  const child = spawn(process.execPath, ['--import', './test/fixtures/die-before-ring.mjs', 'dist/main.js'], {
    cwd: apiFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: server.url,
      HTTP_PORT: String(port),
      URUMI_ADMIN_TOKEN_FILE: join(folder, 'token'),
      URUMI_STORES_MAX: String(rounds + sideBySide),
      LOG_LEVEL: 'error',
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    },
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  try {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/livez`).then(
            (answer) => answer.ok,
            () => false,
          ),
        {
          timeout: 120_000,
          interval: 50,
        },
      )
      .toBe(true);
    const answer = fetch(`http://127.0.0.1:${port}/api/stores`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, engine: 'medusa' }),
    });
    await expect(answer).rejects.toThrow();
    return (await ended)[1];
  } finally {
    child.kill('SIGKILL');
  }
}

const sweep = () =>
  ringOwed({ repository, doorbell: new Doorbell(queue, redis), signal: new AbortController().signal });

it('F36: a job that has waited for long moves to the place it has by now', async () => {
  await repository.openGate();
  const ids = Array.from({ length: 3 }, generateStoreId);
  for (const id of ids) {
    const wish = { id, name: id, engine: 'medusa', plan: 'S', host: `${id}.localhost` } as const;
    await createStore(redis, { ...wish, owner: 'ana', actor: 'ana', storesMax: 10, idempotency: null });
    const ring = { storeId: id, generation: 1, intent: 'present', owner: 'ana', traceId: 't' } as const;
    await new Doorbell(queue, redis).ring(ring, 'wish');
  }
  const findLast = async () => (await queue.getPrioritized()).find(({ data }) => data.storeId === ids[2]);
  const last = await findLast();
  expect(last?.priority).toBe(firstPriority + 2);
  await redis.hset(queue.toKey(last?.id ?? ''), 'timestamp', 0);
  await sweep();
  expect((await findLast())?.priority).toBe(firstPriority + 1);
});

it(`F1: an api that dies between record and ring leaves one store, rung for by one sweep, ${rounds} times`, async () => {
  await repository.openGate();
  for (let round = 0; round < rounds; round += sideBySide) {
    const names = Array.from({ length: Math.min(sideBySide, rounds - round) }, (_, n) => `Shop ${round + n}`);
    const before = new Set(await repository.listIds());
    const signals = await Promise.all(names.map(postToDyingApi));
    expect(new Set(signals)).toEqual(new Set(['SIGKILL']));
    const made = (await repository.listIds()).filter((id) => !before.has(id));
    expect(made).toHaveLength(names.length);
    expect((await queue.getJobs(['prioritized'])).filter(({ data }) => made.includes(data.storeId))).toEqual([]);
    expect((await sweep()).sort()).toEqual([...made].sort());
    const jobs = (await queue.getJobs(['prioritized'])).filter(({ data }) => made.includes(data.storeId));
    expect(jobs.map(({ name, data }) => `${name} ${data.storeId}`).sort()).toEqual(
      made.map((id) => `create ${id}`).sort(),
    );
    expect(await sweep()).toEqual([]);
  }
}, 900_000);
