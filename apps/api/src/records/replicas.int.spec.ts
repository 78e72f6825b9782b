import type { ReconcilerEvent, WorkerEvent } from '@urumi/shared/domain/events';
import { openDoor } from '@urumi/shared/server/store/door';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startApi, startApiWithRedis } from '../testing/api.ts';

let first: Awaited<ReturnType<typeof startApiWithRedis>>;
let others: Awaited<ReturnType<typeof startApi>>[];
beforeAll(async () => {
  first = await startApiWithRedis();
  others = [await startConnected(), await startConnected()];
});
afterAll(async () => {
  for (const api of others) await api.stop();
  await first.stop();
});

/** As who sends it requests waits until it is ready. */
async function startConnected(): ReturnType<typeof startApi> {
  const api = await startApi(first.server);
  const isReady = async (): Promise<void> => expect((await api.callAnonymously('get', '/readyz')).status).toBe(200);
  await vi.waitFor(isReady, 10_000);
  return api;
}

const apiOf = (index: number) => [first, ...others][index % 3] ?? first;
const post = (index: number, name: string, key?: string) => {
  const request = apiOf(index).call('post', '/api/stores');
  return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ name, engine: 'medusa' });
};

it('F37: three apis answer as one: a key makes one store, a name has one winner, however requests are spread', async () => {
  const keyed = await Promise.all(Array.from({ length: 15 }, (_, index) => post(index, 'By key', 'the-same-key')));
  expect(new Set(keyed.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(keyed.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);

  const named = await Promise.all(Array.from({ length: 15 }, (_, index) => post(index, 'By name')));
  expect(named.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(named.filter(({ status }) => status === 409)).toHaveLength(14);
  expect(await first.repository.listIds()).toHaveLength(2);
});

it('F37: an api that ends leaves the others what it accepted', async () => {
  const gone = await startConnected();
  const id = await gone.create('Of the one that ends');
  await gone.stop();
  const seen = await Promise.all([0, 1, 2].map((index) => apiOf(index).call('get', `/api/stores/${id}`)));
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
});

it('F24: a name is taken until its store is gone, and the next one gets another namespace', async () => {
  const id = await first.create('Again');
  expect((await apiOf(1).call('delete', `/api/stores/${id}`)).status).toBe(202);
  const early = await post(2, 'Again');
  expect([early.status, early.body.code, early.body.params.storeId]).toEqual([409, 'store.name-taken', id]);
  const { generation } = (await first.repository.read(id))?.record.desired ?? { generation: 0 };
  await openDoor<WorkerEvent>(first.redis).apply(id, { type: 'TeardownStarted', generation });
  expect((await post(0, 'Again')).status).toBe(409);
  await openDoor<ReconcilerEvent>(first.redis).apply(id, { type: 'NamespaceGone', generation });
  const late = await post(1, 'Again');
  expect(late.status).toBe(202);
  expect(late.body.id).not.toBe(id);
});
