/** A Medusa shop that moves: after each change of address its pictures, seeded and uploaded, load from the new one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureColumns } from '../medusa-server/urumi/picture-columns.ts';
import type { Container } from '../testing/container.ts';
import { admin, MedusaShop, publishableKey } from './medusa-shop.ts';
import { orderOnDelivery, ShopApi } from './shop-api.ts';
import { openDoor, type Door } from './shop-door.ts';
import { waitFor } from './waiting.ts';

const isRoot = process.getuid?.() === 0;
const minute = 60_000;

const elsewhere = 'https://pictures.example/static/1-mug.png';
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

type Product = { id: string; handle: string; thumbnail: string; images: { url: string }[] };

describe.skipIf(!isRoot)('a Medusa shop whose address changes (needs root)', { timeout: 5 * minute }, () => {
  let shop: MedusaShop;
  let door: Door | undefined;
  let opened: Container[] = [];

  const api = (): ShopApi => new ShopApi(door?.url ?? '', publishableKey);
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((container) => container.kill()));
    await door?.close();
    opened = [];
    door = undefined;
  };
  /** Another port is another address; the old one answers nothing from then on. */
  const openElsewhere = async (): Promise<string> => {
    await close();
    door = await openDoor(shop.ports);
    const server = shop.startMedusa({ SETUP_ROUTE: 'template', STORE_URL: door.url });
    opened = [server, shop.startStorefront(door.url)];
    await waitFor(
      () => api().isHealthy(),
      () => server.output(),
    );
    return door.url;
  };
  const products = async (): Promise<Product[]> =>
    (await api().call<{ products: Product[] }>('GET', '/store/products?limit=100&fields=handle,thumbnail,*images'))
      .products;
  const upload = async (token: string): Promise<string> => {
    const body = new FormData();
    body.append('files', new Blob([pixel], { type: 'image/png' }), 'new mug.png');
    const answer = await fetch(`${door?.url}/admin/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    const { files } = (await answer.json()) as { files: { url: string }[] };
    return files[0]?.url ?? '';
  };
  /** What is no picture in the place an address leads to, read as a browser on the shop's pages reads it. */
  const broken = async (addresses: string[]): Promise<string[]> => {
    const answers = await Promise.all(
      addresses.map(async (address) => {
        const url = new URL(address, door?.url);
        if (url.origin !== door?.url) return `${address}: another address`;
        const answer = await fetch(url);
        await answer.arrayBuffer();
        const type = answer.headers.get('content-type') ?? '';
        return answer.ok && type.startsWith('image/') ? [] : `${address}: ${answer.status} ${type}`;
      }),
    );
    return answers.flat();
  };
  const thumbnailsOfOrders = (): Promise<string[]> => shop.sql('SELECT thumbnail FROM order_line_item');
  /** Of API and pages; the foreign picture is looked for elsewhere. */
  const expectAllPicturesHere = async (): Promise<void> => {
    const shown = await products();
    const own = shown.flatMap(({ thumbnail, images }) => [thumbnail, ...images.map(({ url }) => url)]);
    expect(own).toContain(elsewhere);
    expect(await broken(own.filter((address) => address !== elsewhere))).toEqual([]);
    expect(await broken(await thumbnailsOfOrders())).toEqual([]);
    const page = await (await fetch(`${door?.url}/products/harbour-mug`)).text();
    const sources = [...page.matchAll(/<img[^>]* src="([^"]*)"/g)].map(([, source = '']) => source);
    expect(sources).toContainEqual(expect.stringMatching(/^\/static\/\d+-new%20mug\.png$/));
    expect(await broken(sources)).toEqual([]);
  };
  const rows = (): Promise<string[]> =>
    shop.sql(
      `SELECT thumbnail FROM product UNION ALL SELECT url FROM image UNION ALL SELECT thumbnail FROM order_line_item
       UNION ALL SELECT medusa FROM urumi_setup WHERE mark = 'address' ORDER BY 1`,
    );

  beforeAll(async () => {
    shop = await MedusaShop.unpack();
    shop.startDatabase(shop.template);
  }, 30 * minute);

  afterAll(async () => {
    await close();
    await shop.remove();
  }, minute);

  it('keeps pictures of set-up as paths and uploads at its address', async () => {
    const first = await openElsewhere();
    const seeded = await products();
    expect(seeded.filter(({ handle, thumbnail }) => thumbnail !== `/media/${handle}.svg`)).toEqual([]);
    expect(
      await broken(seeded.flatMap(({ thumbnail, images }) => [thumbnail, ...images.map(({ url }) => url)])),
    ).toEqual([]);

    const token = await api().logIn(admin);
    const url = await upload(token);
    expect(url.startsWith(`${first}/static/`)).toBe(true);
    const idOf = (wanted: string): string => seeded.find(({ handle }) => handle === wanted)?.id ?? '';
    await api().call('POST', `/admin/products/${idOf('harbour-mug')}`, {
      token,
      body: { thumbnail: url, images: [{ url }] },
    });
    await api().call('POST', `/admin/products/${idOf('paper-filters')}`, {
      token,
      body: { images: [{ url: elsewhere }] },
    });
    await orderOnDelivery(api(), 'harbour-mug');
    expect(await thumbnailsOfOrders()).toEqual([url]);
    await expectAllPicturesHere();
  });

  it('shows every picture at its new address, and at the next, and leaves those of others', async () => {
    await openElsewhere();
    await expectAllPicturesHere();
    await openElsewhere();
    await expectAllPicturesHere();
  });

  it('knows every column of a picture', async () => {
    expect(
      await shop.sql(
        `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
         AND data_type = 'text' AND table_name <> 'fulfillment_label' AND column_name ~ '(thumbnail|url|image|picture|avatar|logo)$' ORDER BY 1`,
      ),
    ).toEqual(pictureColumns.map(({ table, column }) => `${table}.${column}`));
  });

  it('brings along the pictures of a shop made before addresses were noted', async () => {
    const last = door?.url ?? '';
    await close();
    await shop.sql(
      `UPDATE product SET thumbnail = '${last}' || thumbnail WHERE starts_with(thumbnail, '/media/');
       UPDATE image SET url = '${last}' || url WHERE starts_with(url, '/media/');
       DELETE FROM urumi_setup WHERE mark = 'address'`,
    );
    await openElsewhere();
    await expectAllPicturesHere();
  });

  it('touches no address that only begins like its own', async () => {
    const last = door?.url ?? '';
    await close();
    await shop.sql(`UPDATE product SET thumbnail = '${last}0/static/1.png' WHERE handle = 'paper-filters'`);
    await openElsewhere();
    expect((await products()).find(({ handle }) => handle === 'paper-filters')?.thumbnail).toBe(
      `${last}0/static/1.png`,
    );
    await shop.sql(`UPDATE product SET thumbnail = '/media/paper-filters.svg' WHERE handle = 'paper-filters'`);
  });

  it('moves all or nothing where the server is killed half-way, and the rest at its next start', async () => {
    await close();
    const before = await rows();
    const holder = shop.startSql('BEGIN; LOCK TABLE product IN SHARE MODE; SELECT pg_sleep(600)');
    const others = `FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
    await waitFor(async () => (await shop.sql(`SELECT count(*) ${others} AND wait_event = 'PgSleep'`))[0] === '1');
    const server = shop.startMedusa({ SETUP_ROUTE: 'template', STORE_URL: 'http://killed.example' });
    await waitFor(
      async () => (await shop.sql(`SELECT count(*) ${others} AND wait_event_type = 'Lock'`))[0] !== '0',
      () => server.output(),
    );
    await server.kill();
    await shop.sql(`SELECT pg_terminate_backend(pid) ${others} AND wait_event = 'PgSleep'`);
    await holder.ended;
    await waitFor(async () => (await shop.sql(`SELECT count(*) ${others}`))[0] === '0');
    expect(await rows()).toEqual(before);
    await openElsewhere();
    await expectAllPicturesHere();
  });
});
