/** A simulated platform makes the faults it is asked for: one that is not made would let every scenario pass. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../support/http.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { changeBehaviour } from '../support/simulated-values.ts';
import { deleteStore, namespaceOf } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';

describe('a simulated platform', () => {
  let t: SimulatedPlatform;
  beforeAll(async () => {
    t = await startSimulatedPlatform({ count: { worker: 2 } });
  });
  afterAll(() => t.stop());

  it('gives each service the rights of its role and no more', async () => {
    const can = (role: string, ...args: string[]) =>
      t.kubectl('auth', 'can-i', ...args, '--as', `urumi:${role}`, '--as-group', 'urumi:services').catch(() => 'no\n');
    expect(await can('worker', 'create', 'namespaces')).toBe('yes\n');
    expect(await can('reconciler', 'create', 'namespaces')).toBe('no\n');
  });

  it('leaves a killed service dead, and starts it with the settings of that start', async () => {
    const api = t.service('api-1');
    const before = api.pid();
    await api.kill();
    await sleep(1_500);
    expect(api.pid()).toBeNull();
    await expect(t.api('GET', '/api/stores')).rejects.toThrow('ECONNREFUSED');
    await api.start({ URUMI_STORES_MAX: '0' });
    await api.untilReady();
    expect(api.pid()).not.toBe(before);
    expect((await t.api('POST', '/api/stores', { name: 'too-many', engine: 'medusa' })).status).toBeGreaterThanOrEqual(
      400,
    );
    await api.restart();
    await api.untilReady();
    for (const worker of t.services('worker')) expect(worker.pid()).not.toBeNull();
  });

  it('kills Redis and brings it back on its data, at the same addresses', async () => {
    await t.redis.set('harness', 'kept');
    await t.redisServer.kill();
    expect((await t.api('GET', '/api/stores')).status).toBe(503);
    await t.redisServer.startAgain();
    const look = async () => (await t.redis.get('harness').catch(() => null)) ?? new NotYet('nothing');
    expect(await waitFor({ what: 'the value', timeoutMs: 15_000 }, look)).toBe('kept');
    await t.service('api-1').untilReady();
  });

  it('cuts one service off from Redis, and no other', async () => {
    await t.service('api-1').redis.cut('refused');
    expect((await t.api('GET', '/api/stores')).status).toBe(503);
    expect(await t.redis.ping()).toBe('PONG');
    await t.service('worker-1').untilReady();
    await t.service('api-1').redis.restore();
    await t.service('api-1').untilReady();
  });

  it('keeps a store from ready while its page fails, and lets it through when that heals', async () => {
    t.route.fail({ kind: 'content' });
    const store = await t.createWhenOpen('harness-page');
    const look = async () => (t.route.served().get(store.host) === true ? true : new NotYet('no pod'));
    await waitFor({ what: 'a ready storefront', timeoutMs: 60_000 }, look);
    await sleep(2_000);
    expect((await t.readStore(store.id)).status.value).not.toBe('ready');
    t.route.heal();
    await t.waitForStatus(store.id, 'ready', 30_000);
    t.route.fail({ kind: 'status', status: 502 }, store.host);
    expect((await request({ port: t.ingressPort, path: '/', host: store.host })).status).toBe(502);
    t.route.heal(store.host);

    // No page without a pod behind it, whatever the Ingress says.
    await t.kubectl('scale', 'deployment/store-storefront', '--replicas=0', '-n', namespaceOf(store));
    const status = async () => (await request({ port: t.ingressPort, path: '/', host: store.host })).status;
    const gone = async () => ((await status()) === 503 ? true : new NotYet('still served'));
    await waitFor({ what: 'no page', timeoutMs: 10_000 }, gone);
    await deleteStore(t, store);
    expect(await status()).toBe(404);
  });

  it('lets set-up fail as the values say, and do well again', async () => {
    const undo = await changeBehaviour(t, { web: 'setup-exit-42' });
    const store = await t.createWhenOpen('harness-setup', 'woocommerce');
    const { status, explanation } = await t.waitForStatus(store.id, 'failed', 90_000);
    expect({ reason: status.reason, explanation }).toMatchObject({ reason: 'SetupFailed' });
    await undo();
    await deleteStore(t, store);
  });
});
