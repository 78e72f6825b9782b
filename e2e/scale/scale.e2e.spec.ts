/**
 * Workers share what is to be done, however many there are, and nothing is lost when they become fewer, when the platform
 * is upgraded and when one of its pods dies, while wishes come in. Throughput is printed beside how busy the machine was;
 * it is not judged here, for a full machine makes more workers no faster: bench/scale.ts sets it beside the limit.
 */
import { setTimeout } from 'node:timers/promises';
import { NODE_NAME } from '@urumi/embedded/cluster/addresses';
import { release } from '@urumi/scripts/launcher/platform-chart';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteEverything, listStores, untilReady, wishDuring, wishMany } from '../support/crowd.ts';
import { killPod } from '../support/kill-pod.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { components, startMixedPlatform, type Component, type MixedPlatform } from '../support/mixed-platform.ts';
import type { StoreView } from '../support/platform.ts';
import { readProcessorTime, toBusyShare } from '../support/processor.ts';
import { namespaceOf } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { listReleases, nodesOfPods, readShares } from './evidence.ts';

const storesPerRound = 20;
const storesPerStory = 8;
const storiesMost = 16;
/** Between two wishes of a story: about what two workers do in that time. */
const pauseMs = 1_500;
const roundTimeoutMs = 240_000;
/** Of a story: what disturbs it and a crowd after it, on a machine that others use too. */
const storyTimeoutMs = roundTimeoutMs + 240_000;
const deleteTimeoutMs = 480_000;
const { namespace } = release;

let t: MixedPlatform;
let state: string;
const made: StoreView[] = [];
const figures: object[] = [];

beforeAll(async () => {
  t = await startMixedPlatform();
  ({ state } = t);
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
  await t?.stop();
  if (state !== undefined) expect(await findLeftovers(state)).toEqual([]);
});

/** Every wish so far, from whatever story, is there once, with its one release deployed and all its steps done. */
async function expectNothingLost(): Promise<void> {
  await untilReady(t, made, roundTimeoutMs);
  const stores = await listStores(t);
  expect(stores.map(({ name }) => name).sort()).toEqual(made.map(({ name }) => name).sort());
  expect((await listReleases(t)).sort()).toEqual(made.map((store) => `${namespaceOf(store)} deployed`).sort());
  for (const { id } of made) {
    const { steps } = await t.readStore(id);
    expect(steps.filter((step) => step.state !== 'done')).toEqual([]);
  }
}

async function listPodUids(component: Component): Promise<string[]> {
  const selector = `app.kubernetes.io/component=${component}`;
  const path = 'jsonpath={.items[*].metadata.uid}';
  return (await t.kubectl('get', 'pods', '-n', namespace, '-l', selector, '-o', path)).split(' ');
}

describe('workers', () => {
  it.each([1, 2, 4])(
    'share a crowd of wishes: %i',
    async (workers) => {
      await t.scale('worker', workers);
      const [began, before] = [performance.now(), readProcessorTime()];
      const stores = await wishMany(t, `Shop ${workers}`, storesPerRound);
      made.push(...stores);
      await untilReady(t, stores, roundTimeoutMs);
      const seconds = (performance.now() - began) / 1000;
      const shares = await readShares(t, new Set(stores.map(({ id }) => id)));
      figures.push({
        workers,
        shares,
        seconds: Number(seconds.toFixed(2)),
        storesPerSecond: Number((storesPerRound / seconds).toFixed(2)),
        busy: Number(toBusyShare(before, readProcessorTime()).toFixed(2)),
      });
      // A fair share would be 1 of `workers`; half of it is what chance leaves.
      expect(shares.filter((share) => share >= storesPerRound / workers / 2)).toHaveLength(workers);
    },
    roundTimeoutMs + 60_000,
  );

  it('run on the real node, and every pod of a shop on a simulated one', async () => {
    expect(new Set(await nodesOfPods(t, (one) => one === namespace))).toEqual(new Set([NODE_NAME]));
    const ofShops = new Set(made.map(namespaceOf));
    const nodes = await nodesOfPods(t, (one) => ofShops.has(one));
    expect(nodes.length).toBeGreaterThanOrEqual(made.length * 2);
    expect(nodes.filter((node) => !node.startsWith('simulated-'))).toEqual([]);
  });

  it('lose nothing: each store has one release, deployed and none pending, and all its steps done', expectNothingLost);
});

describe('while wishes are worked on', { timeout: storyTimeoutMs }, () => {
  it('workers become fewer, from 4 to 1, in the middle of a crowd', async () => {
    const stores = await wishMany(t, 'Fewer', storesPerStory);
    made.push(...stores);
    const own = new Set(stores.map(({ id }) => id));
    await waitFor({ what: 'helm to be at work', timeoutMs: 30_000, intervalMs: 100 }, async () => {
      const working = (await listStores(t)).filter(({ id, status }) => own.has(id) && status.value === 'provisioning');
      return working.length >= 3 || new NotYet(`${working.length} stores provisioning`);
    });
    await t.scale('worker', 1);
    await expectNothingLost();
  });

  it('the platform is upgraded, pod after pod', async () => {
    await t.scale('worker', 2);
    const before = (await Promise.all(components.map(listPodUids))).flat();
    const crowd = { prefix: 'Upgrade', least: storesPerStory, most: storiesMost, pauseMs };
    const settings = { logLevel: 'debug', 'api.replicas': '2', 'reconciler.replicas': '2' };
    made.push(...(await wishDuring(t, crowd, () => t.upgrade(settings))));
    await expectNothingLost();
    // A worker that ends may take its time: it finishes what it has begun.
    await waitFor({ what: 'every pod of before to be gone', timeoutMs: 60_000 }, async () => {
      const after = (await Promise.all(components.map(listPodUids))).flat();
      const left = after.filter((uid) => before.includes(uid));
      return left.length === 0 || new NotYet(left.join(', '));
    });
  });

  it('one of two apis and one of two reconcilers are killed', async () => {
    const crowd = { prefix: 'Kill', least: storesPerStory, most: storiesMost, pauseMs };
    const killed: number[] = [];
    const stores = await wishDuring(t, crowd, async () => {
      for (const component of ['api', 'reconciler'] as const) {
        await setTimeout(pauseMs * 2);
        killed.push(await killPod(t, namespace, await findPod(component)));
      }
    });
    made.push(...stores);
    expect(killed.every((processes) => processes > 0)).toBe(true);
    await expectNothingLost();
  });
});

it(
  'in the end everything can be deleted, and no namespace is left',
  { timeout: deleteTimeoutMs + 60_000 },
  async () => {
    await t.scale('worker', 4);
    const began = performance.now();
    await deleteEverything(t, deleteTimeoutMs);
    figures.push({ deleted: made.length, seconds: Math.round((performance.now() - began) / 1000) });
  },
);

/** The one that is listed first of a component's pods. */
async function findPod(component: Component): Promise<string> {
  const selector = `app.kubernetes.io/component=${component}`;
  const names = (await t.kubectl('get', 'pods', '-n', namespace, '-l', selector, '-o', 'name')).trim().split('\n');
  expect(names).toHaveLength(2);
  return names[0] ?? '';
}
