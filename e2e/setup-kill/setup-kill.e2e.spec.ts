/**
 * Set-up killed at random points and run again ends in the same shop: one administrator, one product set. Both routes of each
 * engine: from scratch its set-up pod is killed, from the template the pods that unpack and renew. `URUMI_KILLS` sets the
 * number per engine and route (3, for the gate 50), `URUMI_SEED` the sequence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwner, readSecret } from '../support/cluster-reads.ts';
import { toJson } from '../support/http.ts';
import { killPod } from '../support/kill-pod.ts';
import { countMedusaShop } from '../support/medusa-shop.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { buildRandom } from '../support/random.ts';
import { changeSetupRoute } from '../support/store-values.ts';
import { deleteStore, namespaceOf, toShop, untilServed } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { listUsers, signIn } from '../support/wordpress-admin.ts';
import { offerWordPress } from '../support/wordpress.ts';

const kills = Number(process.env['URUMI_KILLS'] ?? countFor({ change: 3, gate: 50 }));
const seed = Number(process.env['URUMI_SEED'] ?? Date.now() % 100_000);
const random = buildRandom(seed);
const storyMs = 300_000;

interface Engine {
  readonly id: 'medusa' | 'woocommerce';
  /** Longest time after a pod's appearance at which it is killed, in ms: about as long as the step takes. */
  readonly span: { readonly scratch: number; readonly template: number };
  readonly untilServed: (store: StoreView) => Promise<void>;
  /** What must be the same whatever was killed. */
  readonly describe: (store: StoreView) => Promise<unknown>;
}

let t: TestPlatform;
beforeAll(async () => {
  process.stdout.write(`  ${kills} kills per engine and route, sequence ${seed}\n`);
  t = await startTestPlatform();
  await offerWordPress(t);
});
afterAll(() => t?.stop());

const medusa: Engine = {
  id: 'medusa',
  span: { scratch: 12_000, template: 5_000 },
  untilServed: async (store) => void (await t.waitForStatus(store.id, 'ready', storyMs)),
  describe: async (store) => {
    const { publishableKey = '' } = await readSecret(t, namespaceOf(store), 'store-app');
    return countMedusaShop(toShop(t, store), publishableKey, await readOwner(t, namespaceOf(store)));
  },
};

const wordpress: Engine = {
  id: 'woocommerce',
  span: { scratch: 5_000, template: 2_500 },
  untilServed: (store) => untilServed(t, store, storyMs),
  describe: async (store) => {
    const session = await signIn(toShop(t, store), await readOwner(t, namespaceOf(store)));
    const count = async (path: string): Promise<number> =>
      toJson<unknown[]>(await session.call('GET', `${path}?per_page=100`), 200).length;
    return {
      users: (await listUsers(session)).length,
      pages: await count('/wp/v2/pages'),
      pictures: await count('/wp/v2/media'),
    };
  },
};

describe.each([wordpress, medusa])('$id', (engine) => {
  let reference: unknown;

  it('undisturbed is the reference', async () => {
    await changeSetupRoute(t, 'auto');
    const store = await t.createStore(`${engine.id} undisturbed`, engine.id);
    await engine.untilServed(store);
    reference = await engine.describe(store);
    await deleteStore(t, store);
  });

  it(
    'F29: from the template, its pods killed at random, is the same shop',
    async () => {
      for (let count = 0; count < kills; count += 1) {
        const store = await t.createStore(`${engine.id} template ${count}`, engine.id);
        const component = random() < 0.5 ? 'database' : engine.id === 'medusa' ? 'server' : 'web';
        await killFirstPod(store, component, random() * engine.span.template);
        await engine.untilServed(store);
        expect(await untilDescribed(engine, store), `sequence ${seed}`).toEqual(reference);
        await deleteStore(t, store);
      }
    },
    kills * storyMs,
  );

  it(
    'F29: from scratch, its set-up killed at random, is the same shop',
    async () => {
      await changeSetupRoute(t, 'scratch');
      for (let count = 0; count < kills; count += 1) {
        const store = await t.createStore(`${engine.id} scratch ${count}`, engine.id);
        await killFirstPod(store, 'setup', random() * engine.span.scratch);
        await engine.untilServed(store);
        expect(await untilDescribed(engine, store), `sequence ${seed}`).toEqual(reference);
        await deleteStore(t, store);
      }
    },
    kills * storyMs,
  );
});

/** A shop that was up before the kill may be caught while its pod is being replaced. */
function untilDescribed(engine: Engine, store: StoreView): Promise<unknown> {
  return waitFor({ what: 'the shop to answer', timeoutMs: 60_000 }, () =>
    engine.describe(store).catch((error: unknown) => new NotYet(String(error).slice(0, 300))),
  );
}

/** Kills the first pod of the component `afterMs` after it appeared. */
async function killFirstPod(store: StoreView, component: string, afterMs: number): Promise<void> {
  const namespace = namespaceOf(store);
  const select = ['-n', namespace, '-l', `app.kubernetes.io/component=${component}`];
  const pod = await waitFor({ what: `the pod of ${component}`, timeoutMs: 60_000, intervalMs: 100 }, async () => {
    const name = (await t.kubectl('get', 'pods', ...select, '-o', 'name')).trim().split('\n')[0] ?? '';
    return name === '' ? new NotYet('no pod') : name;
  });
  await sleep(afterMs);
  const killed = await killPod(t, namespace, pod);
  process.stdout.write(`  ${namespace}: ${pod} killed after ${Math.round(afterMs)} ms, ${killed} processes\n`);
}
