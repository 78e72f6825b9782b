/** A store of each engine on simulated nodes, from the request to its end: what every fault scenario starts from. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { deleteStore, namespaceOf } from '../support/stores.ts';

let t: SimulatedPlatform;
beforeAll(async () => {
  const since = performance.now();
  t = await startSimulatedPlatform();
  say('the platform runs', since);
});
afterAll(async () => {
  const since = performance.now();
  await t.stop();
  say('everything stopped', since);
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

it.each(['medusa', 'woocommerce'] as const)(
  'a %s shop becomes ready, is served, and leaves nothing',
  async (engine) => {
    let since = performance.now();
    const store = await t.createStore(`smoke-${engine}`, engine);
    const { host } = await t.waitForStatus(store.id, 'ready', 60_000);
    say(`${engine} ready`, since);
    const page = await request({ port: t.ingressPort, path: '/', host });
    expect(page.status).toBe(200);
    expect(page.body).toContain(`content="${store.id}"`);

    since = performance.now();
    await deleteStore(t, store);
    say(`${engine} deleted`, since);
    expect(await t.kubectl('get', 'namespaces', '-o', 'name')).not.toContain(namespaceOf(store));
    expect(await t.kubectl('get', 'persistentvolumes', '-o', 'name')).toBe('');
    expect((await request({ port: t.ingressPort, path: '/', host })).status).toBe(404);
  },
);

function say(what: string, since: number): void {
  process.stdout.write(`  ${what}: ${((performance.now() - since) / 1000).toFixed(1)} s\n`);
}
