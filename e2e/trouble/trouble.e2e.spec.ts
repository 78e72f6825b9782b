/**
 * What goes wrong with a shop's input and data ends in a status with its cause and the next step, and what exists is left
 * alone: a broken product list, a missing plugin, a database password changed by hand, a database volume that was replaced.
 */
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '@urumi/scripts/launcher/places';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwner, readSecret } from '../support/cluster-reads.ts';
import { listOrders, placeOrder } from '../support/medusa-shop.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { changeStoreValues } from '../support/store-values.ts';
import { deleteStore, namespaceOf, toShop, untilReason } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { offerWordPress } from '../support/wordpress.ts';

let t: TestPlatform;
beforeAll(async () => {
  t = await startTestPlatform();
  await offerWordPress(t);
});
afterAll(() => t?.stop());

describe('input that no second try repairs', () => {
  it('a broken row of the product list is named by its line', async () => {
    const chart = await mkdtemp(join(t.places.state, 'chart-'));
    await cp(join(projectFolder, 'charts', 'ecommerce-store'), chart, { recursive: true });
    const list = join(chart, 'files', 'woocommerce', 'products.csv');
    const rows = (await readFile(list, 'utf8')).split('\n');
    const fields = (rows[3] ?? '').split(',');
    await writeFile(list, rows.with(3, [...fields.slice(0, 2), 'too few'].join(',')).join('\n'));
    t.overrides.worker = { STORE_CHART: chart };
    await t.restart('worker');

    const store = await t.createStore('Broken List', 'woocommerce');
    const seen = await untilReason(t, store, 'SetupFailed');
    expect(seen.status.value).toBe('failed');
    expect(seen.explanation?.message).toMatch(/products\.csv.* line 4/);
    await deleteStore(t, store);
    delete t.overrides.worker;
    await t.restart('worker');
  });

  it('an image without the plugin is named', async () => {
    const putBack = await changeStoreValues(t, ({ woocommerce, ...values }) => ({
      ...values,
      woocommerce: { ...(woocommerce as object), plugin: true, template: '' },
    }));
    const store = await t.createStore('No Plugin', 'woocommerce');
    const seen = await untilReason(t, store, 'SetupFailed');
    expect(seen.status.value).toBe('failed');
    expect(seen.explanation?.message).toMatch(/WooCommerce/);
    await deleteStore(t, store);
    await putBack();
  });
});

describe('a database that is not the shop`s any more', () => {
  let store: StoreView;
  let order: { id: string };

  const sql = (statement: string): Promise<string> =>
    t.kubectl(
      'exec',
      '-n',
      namespaceOf(store),
      'store-database-0',
      '--',
      'psql',
      '-h',
      '/run/postgresql',
      '-U',
      'medusa',
      '-c',
      statement,
    );
  const restartServer = (): Promise<string> =>
    t.kubectl('delete', 'pod', '-n', namespaceOf(store), '-l', 'app.kubernetes.io/component=server', '--wait=true');

  it('F32: whose password was changed by hand is named, and the shop is back once it is put right', async () => {
    store = await t.createStore('Harbour Coffee');
    await t.waitForStatus(store.id, 'ready');
    const { publishableKey = '' } = await readSecret(t, namespaceOf(store), 'store-app');
    const shop = toShop(t, store);
    order = await placeOrder(shop, publishableKey, 'ada@example.com');

    await sql(`ALTER ROLE medusa PASSWORD 'changed by hand'`);
    await restartServer();
    await untilReason(t, store, 'DatabaseRefused');
    const seen = await t.waitForStatus(store.id, 'degraded');
    expect(seen.status.reason).toBe('DatabaseRefused');
    expect(seen.explanation?.message).toMatch(/password/);

    const { password = '' } = await readSecret(t, namespaceOf(store), 'store-database');
    await sql(`ALTER ROLE medusa PASSWORD '${password}'`);
    // A crash-looping container waits ever longer; whoever mends something may restart it.
    await restartServer();
    await untilReason(t, store, 'Healthy');
    const orders = await listOrders(shop, await readOwner(t, namespaceOf(store)));
    expect(orders.map(({ id }) => id)).toContain(order.id);
  });

  it('F31: whose volume was replaced is named, and the shop does not open with an empty one', async () => {
    await t.kubectl('delete', 'pvc', 'store-database-data', '-n', namespaceOf(store), '--wait=false');
    const claim = JSON.parse(
      await t.kubectl('get', 'pvc', 'store-database-data', '-n', namespaceOf(store), '-o', 'json'),
    ) as { metadata: Record<string, unknown>; spec: Record<string, unknown> };
    const { name, labels, annotations } = claim.metadata;
    const { accessModes, resources, storageClassName } = claim.spec;
    await t.kubectl('scale', 'statefulset/store-database', '-n', namespaceOf(store), '--replicas=0');
    await t.kubectl('wait', '--for=delete', 'pvc/store-database-data', '-n', namespaceOf(store), '--timeout=60s');
    const file = join(t.places.state, 'claim.json');
    const metadata = { name, labels, annotations: keepOurs(annotations as Record<string, string>) };
    const spec = { accessModes, resources, storageClassName };
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec }));
    await t.kubectl('create', '-n', namespaceOf(store), '-f', file);
    await t.kubectl('scale', 'statefulset/store-database', '-n', namespaceOf(store), '--replicas=1');
    await restartServer();
    await untilReason(t, store, 'DataLost');
    const seen = await t.waitForStatus(store.id, 'degraded');
    expect(seen.status.reason).toBe('DataLost');
    expect(seen.explanation?.message).toMatch(/database/);
    await deleteStore(t, store);
  });
});

it('F43: a shop whose name has no DNS entry is ready, with that shown apart', async () => {
  const domain = 'shops.invalid';
  t.overrides.api = { URUMI_BASE_DOMAIN: domain };
  await t.restart('api');
  // As an installation for that domain has it: shops get no other host.
  const policy = ['validatingadmissionpolicy', 'urumi-installer-routes'];
  const routes = await t.kubectl('get', ...policy, '-o', 'json');
  const file = join(t.places.state, 'routes.json');
  await writeFile(file, routes.replaceAll('.localhost', `.${domain}`));
  await t.kubectl('replace', '-f', file);

  const store = await t.createStore('Nowhere');
  expect(store.host).toBe(`${store.id}.${domain}`);
  await t.waitForStatus(store.id, 'ready');
  const repository = new StoreRepository(t.redis);
  const note = await waitFor({ what: 'the note', timeoutMs: 60_000 }, async () => {
    const notes = (await repository.read(store.id))?.record.observed.notes ?? [];
    return notes.find((one) => one.includes(store.host)) ?? new NotYet(JSON.stringify(notes));
  });
  expect(note).toBe(`not reachable from outside: no DNS entry leads to ${store.host}`);
  const { status } = await t.readStore(store.id);
  expect(status).toMatchObject({ value: 'ready', reason: 'Healthy' });
  await deleteStore(t, store);
});

/** Without what the cluster itself notes on a bound claim. */
function keepOurs(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.includes('kubernetes.io/')));
}
