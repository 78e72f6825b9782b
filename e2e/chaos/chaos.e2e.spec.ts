/**
 * The chaos gate: stores come, change and go, ten at a time, while api, workers, helm, reconciler and Redis are killed and
 * the ways to Redis and the API server are cut. `URUMI_CYCLES` sets how many, `URUMI_SEED` which; both are printed, and the
 * same seed plans the same stories and faults. Afterwards the run is judged as a whole.
 */
import { join } from 'node:path';
import { addToken } from '@urumi/scripts/add-token';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAuditedHelm, type AuditedHelm } from '../support/audited-helm.ts';
import { findLeaks } from '../support/canary.ts';
import { toJson } from '../support/http.ts';
import { buildStoreCalls, type StoreCalls, type StoreView } from '../support/platform.ts';
import { readResidentMb } from '../support/processes.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { namespaceOf } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { planCycles, planFaults } from './plan.ts';
import { findDoubles, findLivingKeys, findObjects, findPendingReleases } from './remains.ts';
import { live, type Clients, type Shop } from './shopkeeper.ts';
import { TroubleMaker } from './trouble-maker.ts';
import { watchNumbers, type Watchman } from './watchman.ts';

const cycles = Number(process.env['URUMI_CYCLES'] ?? 20);
const seed = Number(process.env['URUMI_SEED'] ?? Date.now() % 100_000);
const concurrency = 10;
const perCycleMs = 60_000;
/** What one deleted store may leave in Redis: tombstone, timeline, answers, finished jobs. */
const bytesPerDeletedMost = 64_000;
/** The stores that stay are deleted all at once. */
const lastDeletionMs = 120_000 + cycles * 2_000;

let t: SimulatedPlatform;
let helm: AuditedHelm;
let watchman: Watchman;
let clients: Clients;
/** Calls as each owner. */
let doors: readonly StoreCalls[] = [];
const staying: Shop[] = [];
let bytesBefore = 0;

beforeAll(async () => {
  process.stdout.write(`  ${cycles} cycles, seed ${seed}\n`);
  t = await startSimulatedPlatform({
    count: { worker: 3 },
    env: { api: { URUMI_STORES_MAX: '100000' }, reconciler: { RESYNC_MS: '10000' } },
  });
  helm = await buildAuditedHelm(join(t.places.state, 'audit'), join(t.cluster.binDir, 'helm'));
  for (const worker of t.services('worker')) await worker.restart(workerEnv());
  const second = await addToken({ owner: 'other', name: 'other', file: t.places.tokens });
  doors = [t, buildStoreCalls({ httpPort: t.httpPort, token: second })];
  clients = { call: (owner, ...request) => doorOf(owner).api(...request) };
  bytesBefore = await readRedisBytes();
  const way = await t.redisServer.openWay();
  watchman = watchNumbers(way.url);
});
afterAll(async () => {
  await watchman?.stop();
  await t?.stop();
});

const workerEnv = () => ({ HELM_BIN: helm.bin, WORKER_CONCURRENCY: '4' });

it(
  `every wish of ${cycles} cycles comes true while everything around it fails`,
  async () => {
    const began = performance.now();
    const plan = planCycles(seed, cycles, doors.length);
    const trouble = new TroubleMaker(t, workerEnv());
    const done = new AbortController();
    const making = trouble.run(planFaults(seed), done.signal);
    const waiting = [...plan];
    const work = async (): Promise<void> => {
      for (let cycle = waiting.shift(); cycle !== undefined; cycle = waiting.shift()) {
        const shop = await live(clients, cycle);
        if (shop !== null) staying.push(shop);
      }
    };
    try {
      // Faults go on until they are told to stop: they end first only where one of them could not be made.
      await Promise.race([Promise.all(Array.from({ length: concurrency }, work)), making]);
    } finally {
      done.abort();
      await making;
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(
      `  ${cycles} cycles in ${seconds} s, ${trouble.done.length} faults, ${staying.length} stores stay\n`,
    );
    expect(trouble.done.length).toBeGreaterThan(0);
    expect(staying.length).toBeGreaterThan(0);
  },
  cycles * perCycleMs + 600_000,
);

describe('afterwards', () => {
  it('every store that stays is ready, its newest wish done', async () => {
    for (const { id, cycle } of staying) {
      await doorOf(cycle.owner).waitForStatus(id, 'ready', 60_000);
      expect((await doorOf(cycle.owner).readStore(id)).status).toMatchObject({ value: 'ready', settled: true });
    }
  });

  it('no release is pending', async () => {
    expect(await findPendingReleases(t)).toEqual([]);
  });

  it('no store is there twice, and none that nobody asked for', async () => {
    expect(await findDoubles(t)).toEqual([]);
    for (const [owner, door] of doors.entries()) {
      const known = staying.filter(({ cycle }) => cycle.owner === owner).map(({ id }) => id);
      expect((await listIds(door)).sort()).toEqual(known.sort());
    }
    const namespaces = (await findObjects(t)).filter((name) => name.startsWith('store-'));
    expect(namespaces.sort()).toEqual(staying.map((shop) => namespaceOf(shop)).sort());
  });

  it('no two attempts of a store ever ran helm at the same time', async () => {
    expect((await helm.readStarts()).size).toBeGreaterThan(0);
    expect(await helm.readOverlaps()).toEqual([]);
  });

  it('no generation and no fence fell', () => {
    expect(watchman.looks()).toBeGreaterThan(cycles);
    expect(watchman.falls).toEqual([]);
  });

  it('no secret of a store is in Redis, objects, logs or arguments', async () => {
    const searched = { ...t, podsSpeak: false };
    expect(await findLeaks(searched, staying.slice(0, 5).map(namespaceOf))).toEqual([]);
  });

  it('once the last stores are deleted nothing is left in the cluster', { timeout: lastDeletionMs * 2 }, async () => {
    for (const { id, cycle } of staying) toJson(await doorOf(cycle.owner).api('DELETE', `/api/stores/${id}`), 202);
    for (const { id, cycle } of staying) await doorOf(cycle.owner).waitForStatus(id, 'deleted', lastDeletionMs);
    await waitFor({ what: 'all volumes to go', timeoutMs: 60_000 }, async () => {
      const objects = await findObjects(t);
      return objects.length === 0 ? true : new NotYet(objects.join(' '));
    });
  });

  it('keys and memory are back where they were', async () => {
    // Finished jobs leave the queue a moment after their store is gone.
    await waitFor({ what: 'no key to speak of a living store', timeoutMs: 30_000 }, async () => {
      const keys = await findLivingKeys(t.redis);
      return keys.length === 0 ? true : new NotYet(keys.join(' '));
    });
    const bytes = (await readRedisBytes()) - bytesBefore;
    const services = t.services().map((service) => `${service.name} ${Math.round(readResidentMb(service.pid()))} MB`);
    process.stdout.write(`  Redis grew by ${Math.round(bytes / 1024)} kB; ${services.join(', ')}\n`);
    expect(bytes).toBeLessThan(cycles * bytesPerDeletedMost + 1_000_000);
  });
});

function doorOf(owner: number): StoreCalls {
  const door = doors[owner];
  if (door === undefined) throw new Error(`there is no owner ${owner}`);
  return door;
}

async function listIds(door: StoreCalls): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  do {
    const path = `/api/stores?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = toJson<{ items: StoreView[]; nextCursor: string | null }>(await door.api('GET', path), 200);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  return ids;
}

async function readRedisBytes(): Promise<number> {
  return Number(/used_memory:(?<bytes>\d+)/.exec(await t.redis.info('memory'))?.groups?.['bytes']);
}
