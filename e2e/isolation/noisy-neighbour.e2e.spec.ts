/**
 * A shop whose container is taken over eats all it can get of processor, processes, memory and disk. The shop beside it
 * keeps serving, the node stays ready, and the eater comes back by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../support/http.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { namespaceOf, toShop, untilUp } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { offerWordPress } from '../support/wordpress.ts';
import { anatomies, type Engine } from './anatomy.ts';
import { press, pressures, type Pressed, type Victim } from './pressure.ts';
import { lookWhile, type Looks } from './visitor.ts';

/** WooCommerce as plain WordPress. */
const engines: readonly Engine[] = ['medusa', 'woocommerce'];
/**
 * Generous, and beside the usual look of the same run: the machine is small and does other things meanwhile, and what must
 * not happen is a shop that hangs or fails. A look that takes 30 s is a failure; the slowest is reported, not judged.
 */
const slowerAtMost = 30;
const usualAtLeastMs = 20;

/** The kernel and the kubelet clear up for a moment after the eater has ended. */
const afterMs = 3_000;

const figures: Record<string, Looks & Partial<Pressed>> = {};
let t: TestPlatform;
beforeAll(async () => {
  t = await startTestPlatform();
  await offerWordPress(t);
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
  await t?.stop();
});

describe.each(engines)('beside a shop of %s that eats', (engine) => {
  let eater: StoreView;
  let quiet: { port: number; host: string };
  let idle: Looks;
  let victim: Victim;

  beforeAll(async () => {
    const [first, second] = await Promise.all(
      ['Eater', 'Quiet'].map((name) => t.createStore(`${name} ${engine}`, engine)),
    );
    if (first === undefined || second === undefined) throw new Error('two stores were asked for');
    eater = first;
    for (const store of [first, second]) await untilUp(t, store, engine);
    quiet = toShop(t, second);
    const { outgoing, probers } = anatomies[engine];
    const program = probers.find(({ component }) => component === outgoing)?.program ?? 'node';
    victim = { namespace: namespaceOf(eater), component: outgoing, program };
    idle = await lookWhile(quiet, () => sleep(5_000));
    figures[`${engine}: idle`] = idle;
  });

  it.each(pressures)('$name', async (pressure) => {
    const evictionsBefore = await countEvictions();
    let pressed: Pressed = { reached: 0, exitCode: null, complaint: '' };
    const looks = await lookWhile(quiet, async () => {
      pressed = await press(t, victim, pressure);
      await sleep(afterMs);
    });
    figures[`${engine}: ${pressure.name}`] = { ...looks, ...pressed };

    expect(looks.failures).toEqual([]);
    expect(looks.medianMs).toBeLessThan(slowerAtMost * Math.max(idle.medianMs, usualAtLeastMs));
    expect(await readNodeTroubles()).toEqual([]);
    switch (pressure.end) {
      case 'nothing':
        expect(pressed.reached).toBe(pressure.bound);
        break;
      case 'a refusal':
        expect(pressed.reached).toBeLessThan(pressure.bound);
        break;
      case 'the end of the process':
        expect(pressed.exitCode).toBe(137);
        break;
      case 'a refusal or an eviction':
        // A scratch folder in memory counts as the container's memory, one on disk is measured by the kubelet.
        if (pressed.reached < pressure.bound) break;
        await waitFor({ what: 'the eviction', timeoutMs: 60_000 }, async () =>
          (await countEvictions()) > evictionsBefore ? true : new NotYet('no new eviction'),
        );
        break;
      default:
        pressure.end satisfies never;
    }

    // A container that was ended more than once waits longer each time before it comes back.
    await waitFor({ what: 'the eater to serve again', timeoutMs: 240_000 }, async () => {
      const answer = await request({ ...toShop(t, eater), path: '/' });
      return answer.status === 200 ? true : new NotYet(`status ${answer.status}; ${await readPods()}`);
    });
    await untilUp(t, eater, engine);
  });

  /** @returns each pod of the eater with how often its containers began anew, and the last lines of its server */
  async function readPods(): Promise<string> {
    const about = ['-n', victim.namespace];
    const [pods, log] = await Promise.all([
      t.kubectl('get', 'pods', ...about, '--no-headers'),
      t.kubectl('logs', `deployment/store-${victim.component}`, '--tail', '3', ...about).catch(String),
    ]);
    return `${pods}\n${log}`;
  }

  async function countEvictions(): Promise<number> {
    const path = 'jsonpath={.items[*].status.reason}';
    const reasons = await t.kubectl('get', 'pods', '-n', victim.namespace, '-o', path);
    return reasons.split(' ').filter((reason) => reason === 'Evicted').length;
  }
});

/** @returns the node's conditions that are not as they should be */
async function readNodeTroubles(): Promise<string[]> {
  const { items } = JSON.parse(await t.kubectl('get', 'nodes', '-o', 'json')) as {
    items: { status: { conditions: { type: string; status: string }[] } }[];
  };
  return items
    .flatMap(({ status }) => status.conditions)
    .filter(({ type, status }) => status !== (type === 'Ready' ? 'True' : 'False'))
    .map(({ type, status }) => `${type}=${status}`);
}
