/** Changing and stopping, and what steps and timelines tell about it. */
import { openDoor } from '@urumi/shared/server/store/door';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import type { StoreEvent } from '@urumi/shared/domain/events';
import { applied, allReady, ensured, seen } from '@urumi/shared/testing/story';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';
import type { StepView, StoreView, TimelineEntryView } from './dto/store-view.dto.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis();
});
afterAll(() => api.stop());

async function tell(id: string, ...events: readonly StoreEvent[]): Promise<void> {
  for (const event of events) {
    const result = await openDoor<StoreEvent>(api.redis).apply(id, event);
    if (result.outcome === 'refused') throw new Error(`${event.type}: ${result.refusal}`);
  }
}

const healthy = (generation: number) => seen(allReady, 'healthy', 'Healthy', generation);

/** A store that serves, made as in life. */
async function serve(name: string): Promise<string> {
  const id = await api.create(name);
  const keeper = new LeaseKeeper(api.redis, { leaseMs: 6_000, runningPerOwnerMax: 100 });
  await keeper.start(id);
  await tell(id, ensured(1, `uid-${id}`), applied(), { type: 'AttemptEnded' }, healthy(1));
  return id;
}
const read = async (id: string) => (await api.call('get', `/api/stores/${id}`)).body as StoreView;
const change = (id: string, body: object) => api.call('patch', `/api/stores/${id}`).send(body);
const cancel = (id: string) => api.call('post', `/api/stores/${id}/cancel`);

describe('creating with an address', () => {
  it('makes the shop answer there, alone or with the base domain behind it', async () => {
    for (const [name, host] of [
      ['One', 'harbour'],
      ['Two', 'coffee.shops.test'],
    ]) {
      const answer = await api.call('post', '/api/stores').send({ name, engine: 'medusa', host });
      expect(answer.status).toBe(202);
      expect(answer.body.host).toBe(`${host?.replace('.shops.test', '')}.shops.test`);
      expect(answer.body.url).toBe(`http://${answer.body.host}:8080`);
    }
  });

  it('F42: is refused for a host that is taken, and makes nothing', async () => {
    const before = (await api.repository.listIds()).length;
    const send = (n: number) =>
      api.call('post', '/api/stores').send({ name: `Racer ${n}`, engine: 'medusa', host: 'only-one' });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => send(n)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status === 409);
    expect(new Set(losers.map(({ body }) => body.code))).toEqual(new Set(['store.host-taken']));
    expect((await api.repository.listIds()).length).toBe(before + 1);
  });

  it('is another wish for a repeated key', async () => {
    const send = (host: string) =>
      api
        .call('post', '/api/stores')
        .set('Idempotency-Key', 'with-host')
        .send({ name: 'Keyed host', engine: 'medusa', host });
    expect((await send('keyed')).status).toBe(202);
    expect((await send('keyed')).headers['idempotent-replayed']).toBe('true');
    expect((await send('other')).status).toBe(422);
    const none = { name: 'Address of null', engine: 'medusa', host: null };
    expect((await api.call('post', '/api/stores').send(none)).status).toBe(202);
  });
});

describe('changing', () => {
  it('is a new wish while the shop serves at its old address, until it is applied', async () => {
    const id = await serve('Grows');
    const answer = await change(id, { plan: 'M', host: 'grown' });
    expect(answer.status).toBe(202);
    const old = `${id}.shops.test`;
    expect(answer.body).toMatchObject({
      plan: 'M',
      generation: 2,
      host: old,
      wishedHost: 'grown.shops.test',
      status: { value: 'ready', reason: 'Changing', settled: false },
      allowed: { cancel: { allowed: true }, change: { allowed: true }, retry: { allowed: false } },
    });
    await tell(id, { type: 'AttemptStarted', fence: 2, generation: 2 }, applied(2), healthy(2));
    expect(await read(id)).toMatchObject({
      host: 'grown.shops.test',
      wishedHost: null,
      status: { value: 'ready', reason: 'Healthy', settled: true },
    });
    const next = await api.call('post', '/api/stores').send({ name: 'Takes over', engine: 'medusa', host: 'grown' });
    expect([next.status, next.body.code]).toEqual([409, 'store.host-taken']);
  });

  it('to what is wished already is no new wish', async () => {
    const id = await serve('Stays');
    expect((await change(id, { plan: 'S' })).body.generation).toBe(1);
    await change(id, { plan: 'L' });
    const again = await change(id, { plan: 'L', host: id });
    expect([again.status, again.body.generation]).toEqual([202, 2]);
  });

  it.each([
    [{}, 'request.invalid', undefined],
    [{ plan: 'XXL' }, 'request.invalid', 'plan'],
    [{ name: 'x' }, 'request.invalid', 'name'],
    [{ host: 'www' }, 'store.host-invalid', 'host'],
    [{ host: null, plan: null }, 'request.invalid', undefined],
  ])('refuses %j', async (body, code, field) => {
    const id = await api.create(`Refused ${JSON.stringify(body)}`);
    const answer = await change(id, body);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.field]).toEqual([400, code, field]);
    expect((await read(id)).generation).toBe(1);
  });

  it('is refused for a store that is going or gone, and for one whose data is gone', async () => {
    const going = await api.create('Going');
    await api.call('delete', `/api/stores/${going}`);
    const answer = await change(going, { plan: 'M' });
    expect([answer.status, answer.body.code]).toEqual([409, 'store.action-not-allowed']);
    expect(answer.body.detail).toMatch(/being deleted/);
    const lost = await serve('Lost its data');
    await tell(lost, { type: 'NamespaceLost', generation: 1, fingerprint: 'x' });
    const refused = await change(lost, { plan: 'M' });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('Recreate it first')]);
    expect((await read(lost)).allowed.change.allowed).toBe(false);
  });
});

describe('stopping', () => {
  it('ends what is under way, with nothing removed, until a retry or a change', async () => {
    const id = await api.create('Too much');
    const answer = await cancel(id);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      generation: 2,
      status: { value: 'failed', reason: 'Halted', settled: true },
      allowed: { cancel: { allowed: false }, retry: { allowed: true }, change: { allowed: true } },
      retryHelps: true,
    });
    expect((await cancel(id)).status).toBe(409);
    expect((await change(id, { plan: 'M' })).body.status).toMatchObject({ value: 'queued', settled: false });
  });

  it('of a change leaves the shop as it serves', async () => {
    const id = await serve('Changed its mind');
    await change(id, { plan: 'L' });
    expect((await cancel(id)).body.status).toMatchObject({ value: 'ready', reason: 'Halted', settled: true });
  });

  it('is refused where nothing is under way, and for a deletion', async () => {
    const id = await serve('Settled');
    const settled = await cancel(id);
    expect([settled.status, settled.body.code]).toEqual([409, 'store.action-not-allowed']);
    await api.call('delete', `/api/stores/${id}`);
    expect((await cancel(id)).body.detail).toMatch(/deletion cannot be stopped/);
  });
});

describe('what is told', () => {
  it('of steps: start, end, length, try, and what they usually take once five runs are known', async () => {
    const steps = async (id: string) => (await read(id)).steps;
    const first = await steps(await serve('Measured'));
    expect(first.map(({ name }) => name)).toEqual(['namespace', 'release', 'database', 'storefront', 'setup', 'page']);
    for (const step of first) {
      expect(step.state).toBe('done');
      expect(Date.parse(step.endedAt ?? '') - Date.parse(step.startedAt ?? '')).toBe(step.durationMs);
    }
    expect(first.map(({ attempt }) => attempt)).toEqual([1, 1, null, null, null, null]);
    for (const time of ['second', 'third', 'fourth']) await serve(`Measured a ${time} time`);
    expect(first.every(({ expectedMs, slowMs }) => expectedMs === null && slowMs === null)).toBe(true);
    await serve('Measured a fifth time');
    const known = ({ expectedMs, slowMs }: StepView) => expectedMs !== null && slowMs !== null && slowMs >= expectedMs;
    const id = await serve('Measured again');
    // Read again after some seconds: the usual lengths are kept that long.
    await expect.poll(async () => (await steps(id)).every(known), { timeout: 15_000, interval: 500 }).toBe(true);
    // What small shops take says nothing about a big one.
    await change(id, { plan: 'L' });
    expect((await steps(id)).map(({ expectedMs, slowMs }) => expectedMs ?? slowMs)).toEqual(Array(6).fill(null));
  });

  it('of trouble: evidence, advice and try stay in the timeline, also of a store that is gone', async () => {
    const id = await api.create('In trouble');
    await new LeaseKeeper(api.redis, { leaseMs: 6_000, runningPerOwnerMax: 100 }).start(id);
    const explanation = { object: 'Pod store-server-a', message: 'no such image', logLines: ['x'], events: [] };
    await tell(
      id,
      ensured(1, `uid-${id}`),
      {
        type: 'AttemptFailed',
        generation: 1,
        failure: { code: 'helm.timed-out', message: 'took over 5 min' },
        retryInMs: 1,
        startGivenBack: false,
      },
      applied(),
      { ...seen({ server: 'failing' }, 'hindered', 'ImagePullFailing'), explanation } as StoreEvent,
    );
    const view = await read(id);
    expect(view.explanation).toMatchObject({ ...explanation, advice: expect.any(String), retryHelps: false });
    expect(view.explanation?.at).toBe(view.observedAt);
    const entries = async () =>
      (await api.call('get', `/api/stores/${id}/timeline`)).body.entries as TimelineEntryView[];
    const told = (await entries()).find(({ type }) => type === 'HealthObserved');
    expect(told?.explanation).toMatchObject({ ...explanation, advice: view.explanation?.advice });
    expect((await entries()).find(({ type }) => type === 'AttemptFailed')).toMatchObject({
      attempt: 1,
      explanation: { message: 'took over 5 min', retryHelps: true, advice: expect.stringMatching(/\.$/) },
    });
    await api.call('delete', `/api/stores/${id}`);
    await tell(id, { type: 'TeardownStarted', generation: 2 }, { type: 'NamespaceGone', generation: 2 });
    expect((await entries()).find(({ type }) => type === 'HealthObserved')).toEqual(told);
    expect((await read(id)).explanation).toMatchObject({ object: 'Pod store-server-a' });
  });

  it('of proof: its time only where the last pass did not prove it anew', async () => {
    const id = await serve('Proven');
    expect((await read(id)).provedAt).toBeNull();
    await tell(id, seen({ ...allReady, server: 'failing' }, 'unhealthy', 'WorkloadUnavailable'));
    expect((await read(id)).provedAt).toMatch(/Z$/);
  });
});
