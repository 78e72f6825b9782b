import type { WorkerEvent } from '@urumi/shared/domain/events';
import { openDoor } from '@urumi/shared/server/store/door';
import { readUse } from '@urumi/shared/server/redis/memory';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis({}, undefined, { maxmemory: '16mb' });
});
afterAll(() => api.stop());

let wishes = 0;
const post = (path: string, body: object = {}) => api.call('post', path).send(body);
const ask = () => post('/api/stores', { name: `Wish ${(wishes += 1)}`, engine: 'medusa' });

/** The api looks at the memory at most once a second. */
const untilSeen = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 100 });

async function fill(ratio: number): Promise<void> {
  for (let part = 0; (await readUse(api.redis)).ratio < ratio; part += 1) {
    await api.redis.set(`filling:${part}`, 'x'.repeat(50_000));
  }
}

async function empty(): Promise<void> {
  await api.redis.unlink(await api.redis.keys('filling:*'));
}

it('F12: from 80 % of maxmemory new stores and changes get 503, running work and deletions go on', async () => {
  const [working, leaving] = [await api.create('Working'), await api.create('Leaving')];
  const worker = openDoor<WorkerEvent>(api.redis);
  await worker.apply(working, { type: 'AttemptStarted', fence: 1, generation: 1 });
  await fill(0.8);
  await untilSeen(async () => expect((await ask()).status).toBe(503));

  const before = await api.repository.listIds();
  const refused = await ask();
  expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'redis.full', '5']);
  expect(refused.body.params).toMatchObject({ limitPercent: 80 });
  expect((await post(`/api/stores/${working}/retry`)).body.code).toBe('redis.full');
  expect((await api.callAnonymously('post', '/api/stores')).status).toBe(401);
  expect(await api.repository.listIds()).toEqual(before);

  expect((await api.callAnonymously('get', '/readyz')).body).toMatchObject({ status: 'ok', redisMemory: 'full' });
  expect((await api.call('get', '/api/stores')).status).toBe(200);
  expect((await api.call('delete', `/api/stores/${leaving}`)).status).toBe(202);
  expect((await post(`/api/stores/${working}/cancel`)).status).toBe(202);
  const said: WorkerEvent[] = [
    { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'uid-1' },
    { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 },
    { type: 'AttemptEnded' },
  ];
  for (const event of said) expect((await worker.apply(working, event)).outcome).toBe('applied');

  await empty();
  await untilSeen(async () => expect((await ask()).status).toBe(202));
  expect((await api.callAnonymously('get', '/readyz')).body).toMatchObject({ status: 'ok', redisMemory: 'ok' });
});
