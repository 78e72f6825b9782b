import { openDoor } from '@urumi/shared/server/store/door';
import type { StoreEvent } from '@urumi/shared/domain/events';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis();
});
afterAll(() => api.stop());

/** Says what worker and reconciler would. */
async function tell(id: string, event: StoreEvent): Promise<void> {
  const result = await openDoor<StoreEvent>(api.redis).apply(id, event);
  if (result.outcome === 'refused') throw new Error(result.refusal);
}

async function bury(id: string): Promise<void> {
  await tell(id, { type: 'TeardownStarted', generation: 2 });
  await tell(id, { type: 'NamespaceGone', generation: 2 });
}

async function readRings(id: string): Promise<{ name: string; data: unknown }[]> {
  const jobs = await Promise.all(
    (await api.redis.keys('urumi:bull:stores:[0-9]*')).map((key) => api.redis.hgetall(key)),
  );
  return jobs
    .map(({ name = '', data = 'null' }) => ({ name, data: JSON.parse(data) as { storeId?: string } }))
    .filter(({ data }) => data.storeId === id);
}

describe('creating', () => {
  it('answers 202 with place and store, and rings with the request id', async () => {
    const answer = await api
      .call('post', '/api/stores')
      .set('X-Request-Id', 'trace-1')
      .send({ name: 'Harbour', engine: 'medusa', plan: 'M' });
    expect(answer.status).toBe(202);
    const { id } = answer.body as { id: string };
    expect(answer.headers['location']).toBe(`/api/stores/${id}`);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    expect(answer.body).toMatchObject({ plan: 'M', generation: 1, status: { value: 'queued', settled: false } });
    expect(await readRings(id)).toEqual([
      { name: 'create', data: { v: 1, storeId: id, generation: 1, traceId: 'trace-1' } },
    ]);
  });

  it('takes size S where none is named', async () => {
    const id = await api.create('Sizeless');
    expect((await api.call('get', `/api/stores/${id}`)).body.plan).toBe('S');
  });

  it('F2: makes one store of 50 equal requests with one key at once', async () => {
    const send = () =>
      api.call('post', '/api/stores').set('Idempotency-Key', 'fifty').send({ name: 'Fifty', engine: 'medusa' });
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(49);
    const { items } = (await api.call('get', '/api/stores?q=fifty')).body as { items: unknown[] };
    expect(items).toHaveLength(1);
  });

  it('gives the same answer for the same wish in other words', async () => {
    const first = await api
      .call('post', '/api/stores')
      .set('Idempotency-Key', 'k1')
      .send({ name: 'Same', engine: 'medusa' });
    const second = await api
      .call('post', '/api/stores')
      .set('Idempotency-Key', 'k1')
      .send({ plan: 'S', engine: 'medusa', name: ' Same ' });
    expect(second.body).toEqual(first.body);
    expect(second.headers['location']).toBe(first.headers['location']);
  });

  it('F2: refuses a key that came with another body', async () => {
    await api.call('post', '/api/stores').set('Idempotency-Key', 'k2').send({ name: 'First', engine: 'medusa' });
    const answer = await api
      .call('post', '/api/stores')
      .set('Idempotency-Key', 'k2')
      .send({ name: 'Second', engine: 'medusa' });
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency.key-reused']);
    expect((await api.call('get', '/api/stores?q=second')).body.items).toEqual([]);
  });

  it('F3: lets one of many equal names win, and nothing of the others stays', async () => {
    const before = (await api.repository.listIds()).length;
    const send = () => api.call('post', '/api/stores').send({ name: 'Racer', engine: 'medusa' });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    const winners = answers.filter(({ status }) => status === 202);
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ status, body }) => status === 409 && body.code === 'store.name-taken');
    expect(losers).toHaveLength(19);
    expect(new Set(losers.map(({ body }) => body.params.storeId))).toEqual(new Set([winners[0]?.body.id]));
    expect((await api.repository.listIds()).length).toBe(before + 1);
  });

  it('is fast', async () => {
    const times: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const start = performance.now();
      await api.create(`Fast ${index}`);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    // A few milliseconds where nothing else runs.
    expect(times[10]).toBeLessThan(500);
  });
});

describe('listing', () => {
  it('answers 304 until something changes, and tells the last pass both times', async () => {
    await api.repository.writeLastPass();
    const first = await api.call('get', '/api/stores?limit=2');
    expect(first.status).toBe(200);
    expect(first.headers['etag']).toMatch(/^"[\w-]+"$/);
    const tag = String(first.headers['etag']);
    await api.repository.writeLastPass();
    const second = await api.call('get', '/api/stores?limit=2').set('If-None-Match', `"other", W/${tag}`);
    expect(second.status).toBe(304);
    expect(second.text).toBe('');
    expect(second.headers['urumi-last-pass']).toMatch(/^\d{4}-.*Z$/);
    expect((await api.call('get', '/api/stores?limit=3').set('If-None-Match', tag)).status).toBe(200);
    await api.create('Changes the list');
    expect((await api.call('get', '/api/stores?limit=2').set('If-None-Match', tag)).status).toBe(200);
  });

  it('walks all pages once, newest first', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/stores?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { items: { id: string }[]; nextCursor: string | null } = (await api.call('get', path)).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const all = await api.repository.listIds();
    expect(seen).toEqual([...all].reverse());
  });

  it('filters by status, engine and part of a name', async () => {
    const id = await api.create('Unusual Néedle');
    await api.call('delete', `/api/stores/${id}`);
    const list = async (query: string) =>
      ((await api.call('get', `/api/stores?${query}`)).body.items as { id: string }[]).map((s) => s.id);
    expect(await list('status=deleting')).toContain(id);
    expect(await list('status=ready,failed')).not.toContain(id);
    expect(await list('status=&q=unusual')).toEqual([id]);
    expect(await list(`q=${encodeURIComponent('NÉED')}`)).toEqual([id]);
    expect(await list('engine=woocommerce')).toEqual([]);
  });

  it('tells places in line in the order of the queue', async () => {
    const items = (await api.call('get', '/api/stores?status=queued&limit=100')).body.items as {
      queuePosition: number | null;
    }[];
    const places = items.map(({ queuePosition }) => queuePosition);
    expect(places).not.toContain(null);
    expect(new Set(places).size).toBe(places.length);
    expect(places.at(-1)).toBe(1);
  });
});

describe('deleting', () => {
  it('is a wish of its own, harmless to repeat, and rings', async () => {
    const id = await api.create('Short-lived');
    const first = await api.call('delete', `/api/stores/${id}`);
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      generation: 2,
      status: { value: 'deleting' },
      allowed: { delete: { allowed: false } },
    });
    const second = await api.call('delete', `/api/stores/${id}`);
    expect([second.status, second.body.generation]).toEqual([202, 2]);
    expect((await readRings(id)).map(({ name }) => name)).toEqual(['delete']);
  });

  it('leaves a store that still answers by id, with name and host free again', async () => {
    const id = await api.create('Phoenix');
    await api.call('delete', `/api/stores/${id}`);
    await bury(id);
    const gone = await api.call('get', `/api/stores/${id}`);
    expect(gone.status).toBe(200);
    expect(gone.body).toMatchObject({ id, name: 'Phoenix', steps: [], status: { value: 'deleted', settled: true } });
    expect(gone.body.deletedAt).toMatch(/Z$/);
    expect((await api.call('delete', `/api/stores/${id}`)).status).toBe(202);
    const { entries } = (await api.call('get', `/api/stores/${id}/timeline`)).body as { entries: { type: string }[] };
    expect(entries.map(({ type }) => type)).toEqual([
      'StoreRequested',
      'DeletionRequested',
      'TeardownStarted',
      'NamespaceGone',
    ]);
    const retry = await api.call('post', `/api/stores/${id}/retry`);
    expect([retry.status, retry.body.code]).toEqual([409, 'store.action-not-allowed']);
    expect(await api.create('Phoenix')).not.toBe(id);
  });
});

describe('retrying', () => {
  it('is refused with the reason while Urumi works', async () => {
    const id = await api.create('Impatient');
    const answer = await api.call('post', `/api/stores/${id}/retry`).send({});
    expect([answer.status, answer.body.code]).toEqual([409, 'store.action-not-allowed']);
    expect(answer.body.detail).toMatch(/still working/);
  });

  it('makes a new wish of a failed store, with or without a body', async () => {
    const id = await api.create('Second chance');
    const failure = { code: 'helm.timed-out', message: 'took too long' } as const;
    await tell(id, { type: 'GaveUp', generation: 1, failure });
    const failed = await api.call('get', `/api/stores/${id}`);
    expect(failed.body).toMatchObject({
      status: { value: 'failed' },
      retryHelps: true,
      allowed: { retry: { allowed: true } },
    });
    const answer = await api.call('post', `/api/stores/${id}/retry`);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ generation: 2, status: { value: 'queued' }, attempt: { failure: null } });
  });

  it('of a lost store must say that it may start empty', async () => {
    const id = await api.create('Lost');
    await tell(id, { type: 'NamespaceLost', generation: 1, fingerprint: 'f' });
    const refused = await api.call('post', `/api/stores/${id}/retry`).send({});
    expect([refused.status, refused.body.code]).toEqual([409, 'store.data-lost']);
    expect(refused.body.detail).toContain('"recreate": true');
    expect((await api.call('post', `/api/stores/${id}/retry`).send({ recreate: true })).status).toBe(202);
  });

  it('refuses what is not a yes or no', async () => {
    const id = await api.create('Maybe');
    const answer = await api.call('post', `/api/stores/${id}/retry`).send({ recreate: 'yes' });
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, 'recreate']);
  });
});

describe('the rest of the API', () => {
  it('tells what happened', async () => {
    const id = await api.create('Told');
    const { entries } = (await api.call('get', `/api/stores/${id}/timeline`)).body as {
      entries: { at: string; type: string; text: string }[];
    };
    expect(entries).toEqual([
      {
        at: expect.stringMatching(/Z$/),
        type: 'StoreRequested',
        text: expect.stringContaining('medusa'),
        attempt: null,
        explanation: null,
      },
    ]);
    const first = (await api.call('get', '/api/activity?limit=1')).body;
    expect(first.items[0]).toEqual({
      id: expect.any(String),
      at: expect.stringMatching(/Z$/),
      actor: 'admin',
      storeId: id,
      storeName: 'Told',
      type: 'StoreRequested',
      text: expect.any(String),
    });
    const second = (await api.call('get', `/api/activity?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second.items[0].id).not.toBe(first.items[0].id);
  });

  it('counts stores and jobs', async () => {
    const { body } = await api.call('get', '/api/metrics');
    expect(body.stores.queued).toBeGreaterThan(20);
    expect(body.queue.waiting).toBeGreaterThan(20);
    expect(Object.keys(body.queue).sort()).toEqual(['active', 'delayed', 'failed', 'waiting']);
    expect(body.lastPassAt).toMatch(/Z$/);
  });

  it('tells since when the way to all shops is at fault, until a pass finds it well', async () => {
    const since = async () => (await api.call('get', '/api/metrics')).body.routeAtFaultSince;
    expect(await since()).toBeNull();
    await api.repository.writeLastPass({ isRouteAtFault: true });
    const first = await since();
    expect(first).toMatch(/Z$/);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await api.repository.writeLastPass({ isRouteAtFault: true });
    expect(await since()).toBe(first);
    await api.repository.writeLastPass();
    expect(await since()).toBeNull();
  });

  it('tells whether the cluster enforces what holds shops apart, as the worst of the workers found it', async () => {
    const read = async () => (await api.call('get', '/api/metrics')).body.protection;
    expect(await read()).toEqual({ admissionPolicies: 'unknown', networkPolicies: 'unknown' });
    const board = new ProtectionBoard(api.redis);
    await board.write('one', { admissionPolicies: 'enforced', networkPolicies: 'missing' });
    await board.write('two', { admissionPolicies: 'enforced', networkPolicies: 'enforced' });
    expect(await read()).toEqual({ admissionPolicies: 'enforced', networkPolicies: 'missing' });
    await board.remove('one');
    expect(await read()).toEqual({ admissionPolicies: 'enforced', networkPolicies: 'enforced' });
    await board.remove('two');
  });

  it('lists engines with reasons and sizes with footprints', async () => {
    const engines = (await api.call('get', '/api/engines')).body.items as { id: string }[];
    expect(engines.find(({ id }) => id === 'woocommerce')).toMatchObject({
      available: false,
      unavailableReason: 'WooCommerce is not on this cluster.',
    });
    expect(engines.find(({ id }) => id === 'medusa')).toMatchObject({ available: true, unavailableReason: null });
    const plans = (await api.call('get', '/api/plans')).body.items as { id: string; footprint: object }[];
    expect(plans.map(({ id }) => id)).toEqual(['S', 'M', 'L']);
    expect(plans[0]?.footprint).toHaveProperty(['medusa', 'memoryMiB']);
  });

  it('tells how far the cluster is', async () => {
    expect((await api.call('get', '/api/me')).body).toMatchObject({
      owner: 'admin',
      role: 'admin',
      cluster: { ready: true },
      quota: { storesMax: 1_000 },
    });
    const progress = { step: 'etcd', label: 'Starting the cluster', percent: 40, secondsLeft: 30, ready: false };
    await api.repository.writeClusterProgress({ ...progress, at: 1 });
    expect((await api.call('get', '/api/me')).body.cluster).toEqual(progress);
  });
});

describe('the gate', () => {
  it('shut, refuses every wish, makes nothing and goes on reading', async () => {
    const id = await api.create('Before the gate shut');
    const before = (await api.repository.listIds()).length;
    await api.redis.del('urumi:gate');
    const wishes = [
      api.call('post', '/api/stores').send({ name: 'Too early', engine: 'medusa' }),
      api.call('delete', `/api/stores/${id}`),
    ];
    for (const answer of await Promise.all(wishes)) {
      expect([answer.status, answer.body.code]).toEqual([503, 'records.rebuilding']);
      expect(answer.headers['retry-after']).toBe('5');
    }
    expect((await api.call('get', '/api/stores')).status).toBe(200);
    await api.repository.openGate();
    expect((await api.repository.listIds()).length).toBe(before);
  });
});
