/**
 * The three images of a Medusa shop at work, without a cluster: database, setup and server run from their unpacked
 * layers on loopback ports, as their users, on a read-only root. What a cluster adds is e2e's.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { place, type Container } from '../testing/container.ts';
import { admin, chartFiles, MedusaShop, publishableKey } from './medusa-shop.ts';
import { orderOnDelivery, ShopApi } from './shop-api.ts';
import { waitFor } from './waiting.ts';

const isRoot = process.getuid?.() === 0;
const minute = 60_000;

describe.skipIf(!isRoot)('a Medusa shop from the built images (needs root)', { timeout: 5 * minute }, () => {
  let shopOfImages: MedusaShop;

  const root = (part: 'postgres' | 'medusa'): string => shopOfImages.root(part);
  const startDatabase = (template = ''): Container => shopOfImages.startDatabase(template);
  const startMedusa = (env: Record<string, string>, command?: string[]): Container =>
    shopOfImages.startMedusa(env, command);
  const startSetup = (files = '/etc/urumi/setup'): Container => startMedusa({}, ['/bin/sh', `${files}/setup.sh`]);
  const api = (): ShopApi => new ShopApi(`http://127.0.0.1:${shopOfImages.ports.medusa}`, publishableKey);

  beforeAll(async () => {
    shopOfImages = await MedusaShop.unpack();
  }, 30 * minute);

  afterAll(() => shopOfImages.remove(), minute);

  it('a server that waits for its database stops at once when asked to', async () => {
    const server = startMedusa({});
    await waitFor(() => server.output().includes('waiting for setup'));
    await delay(3000);
    const since = performance.now();
    server.signal('SIGTERM');
    expect(await server.ended).toBe(143);
    expect(performance.now() - since).toBeLessThan(3000);
  });

  it('products that make no sense end setup with exit 42 and a sentence', async () => {
    const [product] = (
      JSON.parse(readFileSync(join(chartFiles, 'products.json'), 'utf8')) as { products: { price?: number }[] }
    ).products;
    place(root('medusa'), 'etc/urumi/bad/settings.json', readFileSync(join(chartFiles, 'settings.json'), 'utf8'));
    place(root('medusa'), 'etc/urumi/bad/setup.sh', readFileSync(join(chartFiles, 'setup.sh'), 'utf8'));
    place(
      root('medusa'),
      'etc/urumi/bad/products.json',
      JSON.stringify({
        categories: [],
        collections: [],
        products: [{ ...product, variants: [{ title: 'x', sku: 'x', price: 'free', stock: 1 }] }],
      }),
    );
    const setup = startSetup('/etc/urumi/bad');
    expect(await setup.ended).toBe(42);
    expect(setup.output()).toContain('variant 1: price must be a number, 0 or more');
  });

  it('two setups at once make one shop, which the waiting server then serves', async () => {
    startDatabase();
    const server = startMedusa({});
    const setups = [startSetup(), startSetup()];
    for (const setup of setups) {
      const code = await setup.ended;
      expect(code, setup.output()).toBe(0);
    }
    await waitFor(
      () => api().isHealthy(),
      () => server.output(),
    );

    const shop = api();
    const { products } = JSON.parse(readFileSync(join(chartFiles, 'products.json'), 'utf8')) as {
      products: { handle: string }[];
    };
    const token = await shop.logIn(admin);
    expect(await shop.count('/admin/users', token)).toBe(1);
    expect(await shop.count('/admin/products', token)).toBe(products.length);
    expect(await shop.count('/admin/regions', token)).toBe(1);
    expect(await shop.count('/admin/shipping-options', token)).toBe(2);
    expect(await shop.count('/admin/stock-locations', token)).toBe(1);
    expect(await shop.count('/admin/api-keys', token)).toBe(1);
  });

  it('neither password nor key is in what setup and server wrote', () => {
    const written = shopOfImages.running.map((container) => container.output()).join('\n');
    for (const secret of [admin.password, publishableKey, 'database secret', 'jwt secret', 'cookie secret']) {
      expect(written).not.toContain(secret);
    }
  });

  it('the admin is served and refuses a wrong password', async () => {
    expect(await (await fetch(`http://127.0.0.1:${shopOfImages.ports.medusa}/app/`)).text()).toContain(
      '<div id="medusa">',
    );
    await expect(api().logIn({ ...admin, password: 'wrong' })).rejects.toThrow('401');
  });

  it('takes an order with payment on delivery, which the admin shows', async () => {
    const order = await orderOnDelivery(api(), 'harbour-mug');
    const shop = api();
    const { orders } = await shop.call<{ orders: { id: string; payment_status: string }[] }>('GET', '/admin/orders', {
      token: await shop.logIn(admin),
    });
    expect(orders).toEqual([expect.objectContaining({ id: order, payment_status: 'authorized' })]);
  });

  it('a later setup leaves to the merchant what the merchant changed', async () => {
    const shop = api();
    const token = await shop.logIn(admin);
    const before = await shop.count('/admin/products', token);
    const { products } = await shop.call<{ products: { id: string }[] }>(
      'GET',
      '/admin/products?handle=paper-filters',
      { token },
    );
    await shop.call('DELETE', `/admin/products/${products[0]?.id}`, { token });
    expect(await startSetup().ended).toBe(0);
    expect(await shop.count('/admin/products', token)).toBe(before - 1);
    expect(await shop.count('/admin/users', token)).toBe(1);
    expect(await shop.count('/admin/api-keys', token)).toBe(1);
  });

  it('the order survives a restart of the database', async () => {
    const database = shopOfImages.running.find((container) => container.output().includes('starting PostgreSQL'));
    database?.signal('SIGINT');
    expect(await database?.ended).toBe(0);
    startDatabase();
    await waitFor(
      async () =>
        (await api()
          .count('/admin/orders', await api().logIn(admin))
          .catch(() => 0)) === 1,
    );
  });

  it('another database in its place is refused, and left alone', async () => {
    await shopOfImages.killAll();
    rmSync(join(root('postgres'), 'data/pgdata'), { recursive: true });
    startDatabase(shopOfImages.template);
    const server = startMedusa({ SETUP_ROUTE: 'template' });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain('urumi: cause=DataLost: ');
  });

  it("a template killed at any point of its first start still becomes one shop, this store's own", async () => {
    await shopOfImages.killAll();
    rmSync(join(root('medusa'), 'srv/medusa/static/.urumi-instance'));
    rmSync(join(root('postgres'), 'data/pgdata'), { recursive: true });
    for (const afterMs of [150, 600, 2000]) {
      const started = [startDatabase(shopOfImages.template), startMedusa({ SETUP_ROUTE: 'template' })];
      await delay(afterMs);
      await Promise.all(started.map((container) => container.kill()));
    }
    startDatabase(shopOfImages.template);
    const server = startMedusa({ SETUP_ROUTE: 'template' });
    await waitFor(
      () => api().isHealthy(),
      () => server.output(),
    );
    const shop = api();
    const token = await shop.logIn(admin);
    const { products } = JSON.parse(readFileSync(join(chartFiles, 'products.json'), 'utf8')) as { products: unknown[] };
    expect(await shop.count('/admin/users', token)).toBe(1);
    expect(await shop.count('/admin/api-keys', token)).toBe(1);
    expect(await shop.count('/admin/products', token)).toBe(products.length);
    expect(await shop.count('/admin/orders', token)).toBe(0);
    const answer = await shop.call<{ products: { thumbnail: string }[] }>('GET', '/store/products');
    const foreign = answer.products.filter(({ thumbnail }) => !thumbnail.startsWith('/media/'));
    expect(foreign).toEqual([]);
    await orderOnDelivery(shop, 'harbour-mug');
  });

  it('a password that is not the one of the volume is named, and the volume left alone', async () => {
    place(root('medusa'), 'run/secrets/urumi/database/password', 'another one');
    const server = startMedusa({ SETUP_ROUTE: 'template' });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain('urumi: cause=PasswordRefused: ');
    place(root('medusa'), 'run/secrets/urumi/database/password', 'database secret');
  });

  it('a template that the image does not carry ends the database with a cause', async () => {
    await shopOfImages.killAll();
    rmSync(join(root('postgres'), 'data/pgdata'), { recursive: true });
    const database = startDatabase('medusa-1.0.0-EUR-00000000');
    expect(await database.ended).toBe(1);
    expect(database.output()).toContain('urumi: cause=TemplateMissing: ');
  });
});
