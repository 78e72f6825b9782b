/** Redis that is killed, cut short and emptied, and an API server that is away, while stores are being made. */
import { randomUUID } from 'node:crypto';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { request, toJson, type Answer } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import type { StoreView } from '../support/platform.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { deleteStore, namespaceOf } from '../support/stores.ts';
import {
  listObjects,
  listStoreNamespaces,
  readRecord,
  readTimeline,
  untilRecord,
  untilSettled,
  type StoreNamespace,
} from '../support/store-truth.ts';
import { NotYet, waitFor } from '../support/wait.ts';

let t: SimulatedPlatform;
/** Ready, and never touched by what follows. */
let bystander: StoreView;
const made: StoreView[] = [];

beforeAll(async () => {
  t = await startSimulatedPlatform();
  bystander = await t.createStore('bystander');
  await untilSettled(t, bystander);
});
afterEach(async ({ task }) => {
  // Also after a failure in the middle of a cut: otherwise the deletions would wait in vain.
  await Promise.all(t.services().map(({ kubernetes }) => kubernetes.restore()));
  // With a failure all ends here: nobody waits for what may be broken for good.
  if (task.result?.state === 'fail') return;
  await Promise.all(made.splice(0).map((store) => deleteStore(t, store)));
});
afterAll(async () => {
  await t.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

it('F10: Redis killed while stores are asked for: what was accepted is there, once, and is made', async () => {
  const names = ['f10-a', 'f10-b', 'f10-c', 'f10-d'];
  const accepted = new Map<string, string>();
  const post = async (name: string, key: string): Promise<Answer | null> =>
    t
      .api('POST', '/api/stores', { name, engine: 'medusa' }, { 'idempotency-key': key })
      // The answer is lost: as a caller one asks again with the same key.
      .catch(() => null);
  const asked = names.map(async (name, index) => {
    const key = randomUUID();
    await sleep(index * 60);
    const store = await waitFor({ what: `${name} to be accepted`, timeoutMs: 60_000, intervalMs: 100 }, async () => {
      const answer = await post(name, key);
      if (answer?.status !== 202) return new NotYet(answer === null ? 'no answer' : `${answer.status} ${answer.body}`);
      return toJson<StoreView>(answer, 202);
    });
    accepted.set(name, store.id);
    made.push(store);
    return { key, store };
  });
  await waitFor({ what: 'an accepted store', timeoutMs: 10_000, intervalMs: 5 }, async () =>
    accepted.size > 0 ? true : new NotYet('none'),
  );
  const before = new Map(accepted);
  await t.redisServer.kill();
  await sleep(500);
  await t.redisServer.startAgain();
  const all = await Promise.all(asked);
  for (const [name, id] of before) expect(accepted.get(name)).toBe(id);
  for (const { key, store } of all) {
    expect(toJson<StoreView>(await untilAnswered(() => post(store.name, key)), 202).id).toBe(store.id);
  }
  for (const { store } of all) await untilSettled(t, store);
  expect((await listStores()).map(({ name }) => name).sort()).toEqual(['bystander', ...names]);
  expect((await listStoreNamespaces(t)).map(({ id }) => id).sort()).toEqual(
    [bystander.id, ...all.map(({ store }) => store.id)].sort(),
  );
});

it('F10: the end of its file cut off: stamps raise the records, and no store is doubled', async () => {
  const older = await t.createStore('f10-older');
  made.push(older);
  await untilSettled(t, older);
  await untilQuiet(older);
  const { file, size } = await findAppendFile();

  toJson(await t.api('PATCH', `/api/stores/${older.id}`, { plan: 'M' }), 202);
  const newer = await t.createStore('f10-newer');
  made.push(newer);
  await untilSettled(t, older);
  await untilSettled(t, newer);
  const stamped = await listStoreNamespaces(t);
  const volumes = await listVolumes();

  await t.redisServer.kill();
  expect((await stat(file)).size).toBeGreaterThan(size);
  // In the middle of a command, as a torn write leaves it.
  await truncate(file, size + 7);
  await t.redisServer.startAgain();
  await untilGateOpen();
  expect(await listStores()).toHaveLength(3);
  const record = await readRecord(t, older);
  expect(record.desired).toMatchObject({ generation: 2, plan: 'M' });
  expect((await untilAnswered(() => t.api('POST', '/api/stores', { name: newer.name, engine: 'medusa' }))).status).toBe(
    409,
  );
  for (const store of [older, newer]) await untilSettled(t, store);
  await expectKept(stamped, volumes);
});

const wipes = countFor({ change: 3, gate: 50 });
const wipesMs = 120_000 + wipes * 60_000;
it(
  'F11: Redis emptied under load: every stamped store is listed again and worked on, fences go on, nothing is deleted',
  { timeout: wipesMs },
  async () => {
    for (let round = 1; round <= wipes; round += 1) {
      const fresh = [await t.createStore(`f11-${round}-a`), await t.createStore(`f11-${round}-b`, 'woocommerce')];
      made.push(...fresh);
      // Wiped at different moments: from the first stamp to the release of both.
      await waitFor({ what: 'a stamp', timeoutMs: 20_000, intervalMs: 20 }, async () => {
        const ids = (await listStoreNamespaces(t)).map(({ id }) => id);
        const count = fresh.filter(({ id }) => ids.includes(id)).length;
        return count >= (round % 2) + 1 ? true : new NotYet(`${count} stamped`);
      });
      const volumes = await listVolumes();
      const stamped = await listStoreNamespaces(t);
      await t.redis.flushall();
      const since = performance.now();
      await untilGateOpen();
      const listed = (await listStores()).map(({ id }) => id);
      for (const { id } of stamped) expect(listed).toContain(id);
      for (const { id, stamp } of stamped) {
        expect((await readRecord(t, { id })).attempt.fence).toBeGreaterThanOrEqual(stamp?.fence ?? NaN);
      }
      say(`F11 wipe ${round}: ${stamped.length} stores were back after ${Math.round(performance.now() - since)} ms`);
      await expectKept(stamped, volumes);
      // What was never stamped is lost, and said so: nobody knows it.
      for (const lost of fresh.filter(({ id }) => !listed.includes(id))) made.splice(made.indexOf(lost), 1);
      // Some rounds find work of the one before; now and then it comes to its end, so that the stores do not pile up.
      if (round % 3 !== 0 && round !== wipes) continue;
      for (const store of made) await untilSettled(t, store);
      await expectKept(stamped, volumes);
      await Promise.all(made.splice(0).map((store) => deleteStore(t, store)));
    }
    await untilSettled(t, bystander);
  },
);

const awayMs = countFor({ change: 30_000, gate: 300_000 });
it(
  'F14: the API server away: statuses hold and tell their age, nothing fails, and work goes on afterwards',
  { timeout: 300_000 + awayMs },
  async () => {
    const ways = [t.service('worker-1').kubernetes, t.service('reconciler-1').kubernetes];
    await untilQuiet(bystander);
    const told = (await readTimeline(t, bystander)).length;
    const begun = await t.createStore('f14-begun');
    made.push(begun);
    await untilRecord(t, begun, { what: 'begun' }, ({ attempt }) => attempt.fence > 0);
    const cutAt = Date.now();
    await Promise.all(ways.map((way) => way.cut('refused')));
    const asked = await t.createStore('f14-asked');
    made.push(asked);
    // Its first try has begun before it finds nobody; from then on the status stands still.
    await untilRecord(t, asked, { what: 'held up' }, ({ status }) => status.reason === 'AwaitingCluster');

    const seen = new Map<string, Set<string>>([bystander, begun, asked].map(({ id }) => [id, new Set()]));
    let isSilent = false;
    while (Date.now() - cutAt < awayMs) {
      for (const { id } of [bystander, begun, asked]) seen.get(id)?.add((await t.readStore(id)).status.value);
      if (!isSilent && Date.now() - cutAt > awayMs / 2) {
        // Nobody refuses any more; nobody answers either.
        await Promise.all(ways.map((way) => way.cut('silent')));
        isSilent = true;
      }
      await sleep(250);
    }
    expect([...(seen.get(bystander.id) ?? [])]).toEqual(['ready']);
    expect([...(seen.get(begun.id) ?? [])].filter((value) => value !== 'queued')).toEqual(['provisioning']);
    expect([...(seen.get(asked.id) ?? [])]).toEqual(['queued']);
    const lastPassAt = Date.parse(String((await t.api('GET', '/api/stores')).headers['urumi-last-pass']));
    expect(lastPassAt).toBeLessThan(cutAt + 5_000);
    const { status, attempt } = await readRecord(t, asked);
    expect(status.reason).toBe('AwaitingCluster');
    // Parked with a pause and without cost, not spinning.
    expect(attempt.startsUsed).toBeLessThanOrEqual(1);
    expect(attempt.fence).toBeLessThanOrEqual(2 + awayMs / 3_000);

    const backAt = Date.now();
    await Promise.all(ways.map((way) => way.restore()));
    for (const store of [begun, asked]) await untilSettled(t, store);
    say(`F14 after ${awayMs} ms away both stores were ready ${Date.now() - backAt} ms later`);
    await waitFor({ what: 'a full pass', timeoutMs: 30_000 }, async () => {
      const at = Date.parse(String((await t.api('GET', '/api/stores')).headers['urumi-last-pass']));
      return at > backAt ? true : new NotYet(new Date(at).toISOString());
    });
    expect((await readTimeline(t, bystander)).length).toBe(told);
  },
);

it('F16: watches that break all the time: nothing that polling sees is missed, and nothing is told twice', async () => {
  const reconciler = t.service('reconciler-1');
  const toggled = await t.createStore('f16-toggled');
  const leaving = await t.createStore('f16-leaving');
  made.push(toggled);
  for (const store of [toggled, leaving]) await untilSettled(t, store);
  await untilQuiet(bystander);
  const told = (await readTimeline(t, bystander)).length;
  const before = await readFigures(reconciler.opsPort);
  const [pod = ''] = (await listObjects(t, 'pods', '-n', namespaceOf(toggled), '-l', component('server'))).map(
    ({ metadata }) => metadata.name,
  );

  const resets = setInterval(() => reconciler.kubernetes.reset(), 3_000);
  const until = Date.now() + 20_000;
  const lags: number[] = [];
  try {
    const coming = await t.createStore('f16-coming');
    made.push(coming);
    toJson(await t.api('DELETE', `/api/stores/${leaving.id}`), 202);
    for (let isUp = false; Date.now() < until; isUp = !isUp) {
      await t.kubectl(
        'annotate',
        'pod',
        pod,
        '--overwrite',
        `--namespace=${namespaceOf(toggled)}`,
        isUp ? 'urumi.dev/simulated-' : 'urumi.dev/simulated=crash-loop',
      );
      await waitFor({ what: 'the cluster to say so', timeoutMs: 10_000, intervalMs: 50 }, async () => {
        const ready = await t.kubectl(
          'get',
          'deployment/store-server',
          `--namespace=${namespaceOf(toggled)}`,
          '--output=jsonpath={.status.readyReplicas}',
        );
        return (ready === '1') === isUp ? true : new NotYet(ready);
      });
      const since = Date.now();
      await waitFor({ what: `the server to be told ${isUp ? 'up' : 'down'}`, timeoutMs: 8_000, intervalMs: 50 }, () =>
        readServerState(toggled).then((state) => ((state === 'ready') === isUp ? true : new NotYet(state))),
      );
      lags.push(Date.now() - since);
    }
    await untilSettled(t, coming);
    await t.waitForStatus(leaving.id, 'deleted', 30_000);
  } finally {
    clearInterval(resets);
    await t.kubectl('annotate', 'pod', pod, '-n', namespaceOf(toggled), 'urumi.dev/simulated-');
  }
  await untilSettled(t, toggled);
  const after = await readFigures(reconciler.opsPort);
  say(
    `F16 ${lags.length} changes, told after ${Math.max(...lags)} ms at most, ${after.failures - before.failures} broken watches`,
  );
  expect(lags.length).toBeGreaterThanOrEqual(4);
  expect(after.failures - before.failures).toBeGreaterThanOrEqual(10);
  // What only a later list puts right would have been missed.
  expect(after.corrections - before.corrections).toBe(0);
  expect((await readTimeline(t, bystander)).length).toBe(told);
});

const component = (name: string): string => `app.kubernetes.io/component=${name}`;

async function readServerState(store: StoreView): Promise<string> {
  const { components } = await t.readStore(store.id);
  return components.find(({ name }) => name === 'server')?.state ?? 'unknown';
}

async function readFigures(port: number): Promise<{ failures: number; corrections: number }> {
  const { body } = await request({ port, path: '/metrics' });
  const sum = (name: string): number =>
    [...body.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
      (total, [, n]) => total + Number(n),
      0,
    );
  return {
    failures: sum('urumi_reconciler_watch_failures_total'),
    corrections: sum('urumi_reconciler_cache_corrections_total'),
  };
}

async function listStores(): Promise<StoreView[]> {
  const answer = await untilAnswered(() => t.api('GET', '/api/stores?limit=100'));
  return toJson<{ items: StoreView[] }>(answer, 200).items;
}

/** Until the api answers something other than that it cannot just now. */
function untilAnswered(ask: () => Promise<Answer | null>): Promise<Answer> {
  return waitFor({ what: 'an answer', timeoutMs: 30_000, intervalMs: 100 }, async () => {
    const answer = await ask().catch(() => null);
    return answer === null || answer.status === 503 ? new NotYet(answer?.body ?? 'none') : answer;
  });
}

async function untilGateOpen(): Promise<void> {
  const repository = new StoreRepository(t.redis);
  await waitFor({ what: 'the gate to open', timeoutMs: 30_000, intervalMs: 50 }, async () => {
    const isOpen = await repository.isGateOpen().catch(() => false);
    return isOpen ? true : new NotYet('shut');
  });
}

/** Its attempt has said its last word. */
function untilQuiet(store: StoreView): Promise<unknown> {
  return untilRecord(t, store, { what: 'its attempt is over' }, ({ attempt }) => attempt.step === 'ended');
}

/** The part of Redis' file that grows. */
async function findAppendFile(): Promise<{ file: string; size: number }> {
  const folder = join(t.redisServer.folder, 'appendonlydir');
  const name = (await readdir(folder))
    .filter((each) => each.endsWith('.incr.aof'))
    .sort()
    .at(-1);
  if (name === undefined) throw new Error(`no append-only file in ${folder}`);
  const file = join(folder, name);
  return { file, size: (await stat(file)).size };
}

/** Claims of stores, by uid. */
async function listVolumes(): Promise<string[]> {
  return (await listObjects(t, 'persistentvolumeclaims', '-A')).map(({ metadata }) => metadata.uid);
}

/** No namespace and no volume of `before` was removed or put in another's place, and no stamp fell. */
async function expectKept(before: readonly StoreNamespace[], volumes: readonly string[]): Promise<void> {
  const now = new Map((await listStoreNamespaces(t)).map((namespace) => [namespace.id, namespace]));
  for (const { id, uid, stamp } of before) {
    expect(now.get(id)).toMatchObject({ uid, isTerminating: false });
    expect(now.get(id)?.stamp?.fence).toBeGreaterThanOrEqual(stamp?.fence ?? NaN);
    expect(now.get(id)?.stamp?.desired.generation).toBeGreaterThanOrEqual(stamp?.desired.generation ?? NaN);
  }
  expect(await listVolumes()).toEqual(expect.arrayContaining([...volumes]));
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
