/**
 * The main story with WooCommerce: archive given, engine available without a restart, store ready on evidence, order by the
 * Store API and in a browser, picture uploaded, pods replaced, everything still there. Runs where an archive is given.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeaks, readStoreSecrets } from '../support/canary.ts';
import { readOwner } from '../support/cluster-reads.ts';
import { request, toJson } from '../support/http.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { changeSetupRoute } from '../support/store-values.ts';
import { namespaceOf, toShop } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { listOrders, listProducts, placeOrder } from '../support/woocommerce-shop.ts';
import { listUsers, signIn, uploadPicture } from '../support/wordpress-admin.ts';
import { buyInBrowser } from './browser-story.ts';

const artifacts = join(import.meta.dirname, '..', 'artifacts');
const isGiven = (process.env['URUMI_WOOCOMMERCE_PLUGIN'] ?? '') !== '';
const figures: Record<string, number | string> = {};

describe.skipIf(!isGiven)('WooCommerce', () => {
  let t: TestPlatform;
  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
    t = await startTestPlatform(process.env);
  });
  afterAll(async () => {
    process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
    await t?.stop();
  });

  let store: StoreView;
  let order: { id: number };
  const namespace = (one: StoreView = store): string => namespaceOf(one);
  const shop = (one: StoreView = store) => toShop(t, one);
  const session = async (one: StoreView = store) => signIn(shop(one), await readOwner(t, namespace(one)));

  it('becomes available once the images are made, without a restart', async () => {
    const version = await waitFor({ what: 'the engine', timeoutMs: 900_000, intervalMs: 1_000 }, async () => {
      const { items } = toJson<{
        items: { id: string; available: boolean; unavailableReason: string; version: string }[];
      }>(await t.api('GET', '/api/engines'), 200);
      const engine = items.find(({ id }) => id === 'woocommerce');
      return engine?.available ? engine.version : new NotYet(engine?.unavailableReason ?? 'no engine');
    });
    figures['version'] = version;
  });

  it('is ready on evidence in seconds, with its products', async () => {
    const began = performance.now();
    store = await t.createStore('Harbour Coffee', 'woocommerce');
    await t.waitForStatus(store.id, 'ready');
    figures['readySeconds'] = Math.round((performance.now() - began) / 100) / 10;
    const front = await request({ ...shop(), path: '/' });
    expect(front.body).toContain(`<meta name="urumi-store" content="${store.id}">`);
    expect(front.body).toContain('data-product_id="');
    expect((await listProducts(shop())).length).toBeGreaterThanOrEqual(12);
  });

  it('takes a cash-on-delivery order that its owner sees', async () => {
    const began = performance.now();
    const placed = await placeOrder(shop(), 'ada@example.com');
    figures['orderSeconds'] = Math.round((performance.now() - began) / 100) / 10;
    expect(placed.status).toBe('processing');
    order = placed;
    expect(await listOrders(await session())).toContain(order.id);
  });

  it('sells to a person with a browser', async () => {
    const bought = await buyInBrowser({ url: store.url, artifacts });
    expect(bought.faults).toEqual([]);
    expect(await listOrders(await session())).toContain(bought.orderNumber);
  });

  it('keeps orders and pictures when its pods are replaced', async () => {
    const picture = await uploadPicture(await session(), 'from-the-test');
    await t.kubectl('delete', 'pod', '-n', namespace(), '--all', '--wait=true');
    await waitFor({ what: 'the picture to be served again', timeoutMs: 120_000 }, async () => {
      const { status } = await request({ ...shop(), path: picture });
      return status === 200 ? true : new NotYet(`${status}`);
    });
    await t.waitForStatus(store.id, 'ready');
    expect(await listOrders(await session())).toContain(order.id);
    expect(await listUsers(await session())).toHaveLength(1);
  });

  it('from scratch ends in the same shop, and shares nothing with the other', async () => {
    await changeSetupRoute(t, 'scratch');
    const began = performance.now();
    const other = await t.createStore('Scratch Coffee', 'woocommerce');
    await t.waitForStatus(other.id, 'ready');
    figures['scratchReadySeconds'] = Math.round((performance.now() - began) / 100) / 10;
    const skus = async (one: StoreView) => (await listProducts(shop(one))).map(({ sku }) => sku).sort();
    expect(await skus(other)).toEqual(await skus(store));
    expect((await placeOrder(shop(other), 'bob@example.com')).status).toBe('processing');
    const secrets = await readStoreSecrets(t, [namespace(), namespace(other)]);
    expect(new Set(secrets.values()).size).toBe(secrets.size);
    expect(await findLeaks(t, [namespace(), namespace(other)])).toEqual([]);
  });

  it('is deleted without a trace', async () => {
    const { items } = toJson<{ items: StoreView[] }>(await t.api('GET', '/api/stores?limit=100'), 200);
    for (const { id } of items) toJson(await t.api('DELETE', `/api/stores/${id}`), 202);
    for (const { id } of items) await t.waitForStatus(id, 'deleted');
    expect(await t.kubectl('get', 'namespace', '-l', 'urumi.dev/store-id', '-o', 'name')).toBe('');
  });
});
