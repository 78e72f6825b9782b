/**
 * Many at once: one address asked for by several, several apis and reconcilers of which one dies, and a crowd of wishes by
 * two owners. The result is the same as that of one after the other, and fair.
 */
import { addToken } from '@urumi/scripts/add-token';
import { keys } from '@urumi/shared/server/store/keys';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toJson, type Answer } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { buildStoreCalls, type StoreCalls, type StoreView } from '../support/platform.ts';
import { readResidentMb } from '../support/processes.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { changeBehaviour } from '../support/simulated-values.ts';
import { namespaceOf, untilReason } from '../support/stores.ts';
import { listStoreNamespaceNames, readRecord } from '../support/store-truth.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const crowd = countFor({ change: 60, gate: 1_000 });
const readyMs = 120_000;
/** While creates pause, one may try this often. */
const probeMs = 20_000;

let t: SimulatedPlatform;
/** The store that got its address, as it was in the end. */
let wanted: StoreView;
/** Calls to each api as the same owner. */
let doors: readonly StoreCalls[];
beforeAll(async () => {
  // The first reconciler is alone at first, so it is the one that leads.
  t = await startSimulatedPlatform({
    count: { api: 2, reconciler: 1 },
    env: {
      api: { URUMI_STORES_MAX: '2000' },
      reconciler: { RESYNC_MS: '5000', SWEEP_MS: '2000', CREATES_PROBE_MS: String(probeMs) },
    },
  });
  for (let index = 0; index < 2; index += 1) await (await t.addService('reconciler')).untilReady();
  doors = t.services('api').map(({ httpPort }) => buildStoreCalls({ httpPort, token: t.token }));
});
afterAll(async () => {
  await t?.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

it('F42: of several that ask for one address at once one gets it, and nothing is made for the others', async () => {
  const askers = countFor({ change: 10, gate: 100 });
  const answers = await Promise.all(
    Array.from({ length: askers }, (_, index) =>
      askPatiently(door(index), `wanted-${index}`, { name: `Wanted ${index}`, engine: 'medusa', host: 'wanted' }),
    ),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, ...Array(askers - 1).fill(409)]);
  for (const { status, body } of answers) if (status === 409) expect(body).toContain('store.host-taken');
  const winner = answers.find(({ status }) => status === 202);
  if (winner === undefined) throw new Error('nobody got the address');
  const store = toJson<StoreView>(winner, 202);
  expect(store.host).toBe('wanted.localhost');
  wanted = await waitFor({ what: 'the wish to be settled', timeoutMs: readyMs }, async () => {
    const seen = await door(1).readStore(store.id);
    return seen.status.settled ? seen : new NotYet(JSON.stringify(seen.status));
  });
  expect(await listStoreNamespaceNames(t)).toEqual([namespaceOf(store)]);
  expect(await t.redis.zrange(keys.stores, '0', '-1')).toEqual([store.id]);
  expect(Object.values(await t.redis.hgetall(keys.names('admin')))).toEqual([store.id]);
  await deleteAll(door(0), [store]);
});

it('a store that got the address it asked for is ready', () => {
  expect(wanted.status).toMatchObject({ value: 'ready', reason: 'Healthy' });
});

it('F37: three reconcilers and two apis, one of each killed, do what one does', async () => {
  const count = 4;
  const made = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      // The same wish comes in by both apis, as from a caller that has no patience.
      const headers = { 'idempotency-key': `replicas-${index}` };
      const wish = { name: `Replicas ${index}`, engine: index % 2 === 0 ? 'medusa' : 'woocommerce' };
      return Promise.all(
        doors.map(async (one) => toJson<StoreView>(await one.api('POST', '/api/stores', wish, headers), 202)),
      );
    }),
  );
  for (const [first, second] of made) expect(second?.id).toBe(first?.id);
  const stores = made.flatMap(([first]) => first ?? []);
  const leader = await t.redis.get(keys.leader('reconciler'));
  expect(leader).not.toBeNull();
  await t.service('reconciler-1').kill();
  await t.service('api-1').kill();

  for (const { id } of stores) await door(1).waitForStatus(id, 'ready', readyMs);
  expect((await listStoreNamespaceNames(t)).sort()).toEqual(stores.map(namespaceOf).sort());
  // The killed one's lead stands until its lease ends, which may be after the stores are ready.
  await waitFor({ what: 'another reconciler to lead', timeoutMs: 30_000 }, async () => {
    const now = await t.redis.get(keys.leader('reconciler'));
    return now === null || now === leader ? new NotYet(`the leader is ${now ?? 'nobody'}`) : now;
  });
  for (const store of stores) {
    const told = (await readShown(door(1), store)).map(({ type }) => type);
    const once = ['StoreRequested', 'AttemptStarted', 'NamespaceEnsured', 'ReleaseApplied'];
    expect(
      told.filter((type) => once.includes(type)),
      store.id,
    ).toEqual(once);
    // One line per change of the reason, whoever saw it.
    const reasons = (await readShown(door(1), store)).filter(({ type }) => type === 'HealthObserved');
    const texts = reasons.map(({ text }) => text);
    expect(
      texts.filter((text, index) => text === texts[index - 1]),
      store.id,
    ).toEqual([]);
  }
  await deleteAll(door(1), stores);
  await t.service('reconciler-1').start();
  await t.service('api-1').start();
  await Promise.all(t.services().map((service) => service.untilReady()));
});

it('F34: while three fail alike further creates wait and one tries now and then; all go on once one has come through', async () => {
  const putBack = await changeBehaviour(t, { storefront: 'pull-failing' });
  const make = (name: string) => create(t, name, 'medusa');
  const pause = () => t.redis.get(keys.createsPause('medusa'));
  const failing = await Promise.all(['No Image 1', 'No Image 2', 'No Image 3'].map(make));
  for (const store of failing) await untilReason(t, store, 'ImagePullFailing');
  await waitFor({ what: 'a pause', timeoutMs: 30_000 }, async () => (await pause()) ?? new NotYet('none'));

  const waiting = await Promise.all(['Waits 1', 'Waits 2'].map(make));
  // Neither another engine nor a deletion waits with them.
  const other = await create(t, 'Other Engine', 'woocommerce');
  const deleted = deleteAll(t, failing.slice(0, 1));
  await Promise.all(waiting.map((store) => untilReason(t, store, 'CreatesPaused')));
  for (const store of waiting) {
    const { status, attempt } = await waitFor({ what: 'the next look', timeoutMs: probeMs }, async () => {
      const record = await readRecord(t, store);
      return record.attempt.nextTryAt === null ? new NotYet('a look is under way') : record;
    });
    expect(status).toMatchObject({ value: 'queued', settled: false });
    expect(attempt.nextTryAt).toBeGreaterThan(status.since);
    expect(await readWaits(store)).toEqual([expect.stringMatching(/^Waiting: New Medusa stores wait: \d+ fail alike/)]);
  }
  const begun = await waitFor({ what: 'one of them to try', timeoutMs: 4 * probeMs }, async () => {
    const there = await listStoreNamespaceNames(t);
    const found = waiting.filter((store) => there.includes(namespaceOf(store)));
    return found.length > 0 ? found : new NotYet('all wait');
  });
  await putBack();
  const began = performance.now();
  expect(begun).toHaveLength(1);
  expect(await pause()).not.toBeNull();

  const left = waiting.filter((store) => !begun.includes(store));
  for (const { id } of [...left, other]) await t.waitForStatus(id, 'ready', 2 * probeMs + readyMs);
  await waitFor({ what: 'the pause to be lifted', timeoutMs: 30_000 }, async () =>
    (await pause()) === null ? true : new NotYet('still in force'),
  );
  process.stdout.write(
    `  lifted ${((performance.now() - began) / 1000).toFixed(1)} s after images could be pulled again\n`,
  );
  await deleted;
  for (const store of [other, ...failing.slice(0, 1)]) expect(await readWaits(store)).toEqual([]);
  const next = await make('After It');
  await t.waitForStatus(next.id, 'ready', readyMs);
  await deleteAll(t, [...failing.slice(1), ...waiting, other, next]);
});

it(
  `F36: ${crowd} wishes of two owners are taken, fairly, in flat memory`,
  async () => {
    const token = await addToken({ owner: 'other', name: 'other', file: t.places.tokens });
    const other = buildStoreCalls({ httpPort: t.httpPort, token });
    const api = t.service('api-1');
    const before = { api: readResidentMb(api.pid()), server: await readLatencies() };
    const began = performance.now();
    const many = Math.floor((crowd * 2) / 3);
    const theirs = await Promise.all(Array.from({ length: many }, (_, index) => create(t, `Crowd ${index}`)));
    const own = await Promise.all(Array.from({ length: crowd - many }, (_, index) => create(other, `Crowd ${index}`)));
    const takenMs = performance.now() - began;
    const first = own[0];
    if (first === undefined) throw new Error('the other owner made no store');

    const start = await waitFor({ what: 'the start of the other owner', timeoutMs: readyMs }, async () => {
      const starts = await Promise.all(own.map((store) => findStart(other, store)));
      const found = starts.filter((at) => at !== null).sort((a, b) => a - b)[0];
      return found ?? new NotYet('none has begun');
    });
    const waitedSince = Math.min(...(await Promise.all(own.map((store) => findRequest(other, store)))));
    const starts = await Promise.all(theirs.map((store) => findStart(t, store)));
    const between = starts.filter((at) => at !== null && at > waitedSince && at < start).length;
    process.stdout.write(
      `  ${crowd} taken in ${Math.round(takenMs)} ms; the other owner waited ${start - waitedSince} ms and ${between} starts\n`,
    );
    expect(starts.filter((at) => at === null).length, 'the crowd still waits').toBeGreaterThan(0);
    expect(between).toBeLessThanOrEqual(1);

    if (crowd > 100) {
      for (const { id } of theirs) await t.waitForStatus(id, 'ready', crowd * 5_000);
      for (const { id } of own) await other.waitForStatus(id, 'ready', crowd * 5_000);
    }
    await Promise.all([deleteAll(t, theirs), deleteAll(other, own)]);
    const after = { api: readResidentMb(api.pid()), server: await readLatencies() };
    const p99 = findQuantile(before.server, after.server, 0.99);
    process.stdout.write(`  api ${before.api} -> ${after.api} MB; API server p99 at most ${p99} s\n`);
    expect(after.api - before.api).toBeLessThan(80);
    // With few requests, and perhaps other work on the machine, it is only told.
    if (crowd > 100) expect(p99).toBeLessThanOrEqual(1);
  },
  120_000 + crowd * 15_000,
);

function door(index: number): StoreCalls {
  const found = doors[index % doors.length];
  if (found === undefined) throw new Error('no api');
  return found;
}

/** A request that finds Redis slow gets a 503 and is asked again, with the same key, as the answer says. */
async function askPatiently(calls: StoreCalls, key: string, wish: object): Promise<Answer> {
  return waitFor({ what: `an answer to ${key}`, timeoutMs: 60_000 }, async () => {
    const answer = await calls.api('POST', '/api/stores', wish, { 'idempotency-key': key });
    return answer.status === 503 ? new NotYet(answer.body) : answer;
  });
}

async function create(calls: StoreCalls, name: string, engine = 'woocommerce'): Promise<StoreView> {
  return toJson(await calls.api('POST', '/api/stores', { name, engine }), 202);
}

async function deleteAll(calls: StoreCalls, stores: readonly StoreView[]): Promise<void> {
  await Promise.all(stores.map(async ({ id }) => toJson(await calls.api('DELETE', `/api/stores/${id}`), 202)));
  for (const { id } of stores) await calls.waitForStatus(id, 'deleted', readyMs + stores.length * 5_000);
}

interface ShownEntry {
  readonly at: string;
  readonly type: string;
  readonly text: string;
}

/** The timeline as this api shows it to the owner, oldest first. A machine full of work may say 503 for a moment. */
async function readShown(calls: StoreCalls, { id }: StoreView): Promise<ShownEntry[]> {
  return waitFor({ what: `the timeline of ${id}`, timeoutMs: 30_000 }, async () => {
    const answer = await calls.api('GET', `/api/stores/${id}/timeline`);
    return answer.status === 503 ? new NotYet(answer.body) : toJson<{ entries: ShownEntry[] }>(answer, 200).entries;
  });
}

/** What its timeline says of tries that had to wait. */
async function readWaits(store: StoreView): Promise<string[]> {
  return (await readShown(t, store)).filter(({ type }) => type === 'AttemptFailed').map(({ text }) => text);
}

async function findRequest(calls: StoreCalls, store: StoreView): Promise<number> {
  const entry = (await readShown(calls, store)).find(({ type }) => type === 'StoreRequested');
  return Date.parse(entry?.at ?? '');
}

async function findStart(calls: StoreCalls, store: StoreView): Promise<number | null> {
  const entry = (await readShown(calls, store)).find(({ type }) => type === 'AttemptStarted');
  return entry === undefined ? null : Date.parse(entry.at);
}

/** Requests of the API server by their upper bound in seconds; without those that last as long as they are wanted. */
async function readLatencies(): Promise<ReadonlyMap<number, number>> {
  const buckets = new Map<number, number>();
  for (const line of (await t.kubectl('get', '--raw', '/metrics')).split('\n')) {
    if (!line.startsWith('apiserver_request_duration_seconds_bucket{') || /verb="(WATCH|CONNECT)"/.test(line)) continue;
    const bound = Number(/le="([^"]+)"/.exec(line)?.[1]?.replace('+Inf', 'Infinity'));
    buckets.set(bound, (buckets.get(bound) ?? 0) + Number(line.slice(line.lastIndexOf(' '))));
  }
  return buckets;
}

/** The bound below which this share of the requests between two reads stayed. */
function findQuantile(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>, share: number): number {
  const added = [...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const);
  const sorted = added.sort(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  return sorted.find(([, count]) => count >= total * share)?.[0] ?? Number.POSITIVE_INFINITY;
}
