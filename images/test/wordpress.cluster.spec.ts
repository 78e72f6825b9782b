/**
 * The images of a WordPress shop at work, without the plugin and without a cluster: database, setup and web run from
 * their unpacked layers on loopback ports, as their users, on a read-only root. What a cluster adds is e2e's.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImages } from '../build.ts';
import type { RunConfig } from '../lib/recipes/types.ts';
import { ownFolder, place, start, unpackImage, type Container } from '../testing/container.ts';
import { Site } from './site.ts';
import { freePort, waitFor } from './waiting.ts';

const isRoot = process.getuid?.() === 0;
const chartFiles = join(import.meta.dirname, '../../charts/ecommerce-store/files/woocommerce');
const pictures = join(import.meta.dirname, '../wordpress/media');
const minute = 60_000;

const host = 'harbour.localhost';
const admin = { email: 'admin@example.com', password: 'correct horse battery staple' };
const secrets = {
  'admin/email': admin.email,
  'admin/password': admin.password,
  'database/password': 'database secret',
  'app/salt': 'salt secret',
};

describe.skipIf(!isRoot)('a WordPress shop from the built images (needs root)', { timeout: 5 * minute }, () => {
  let folder: string;
  let ports: { database: number; web: number };
  let mariadb: RunConfig;
  let wordpress: RunConfig;
  let template: string;
  const running: Container[] = [];

  const root = (name: 'mariadb' | 'web'): string => join(folder, name);
  const remember = (container: Container): Container => {
    running.push(container);
    return container;
  };
  const startDatabase = (env: Record<string, string> = {}): Container =>
    remember(
      start({
        root: root('mariadb'),
        config: mariadb,
        env: { MYSQL_TCP_PORT: String(ports.database), BUFFER_POOL_MB: '32', ...env },
        writable: ['data', 'tmp', 'run/mysqld'],
      }),
    );
  const startWordpress = (env: Record<string, string> = {}, command?: string[]): Container =>
    remember(
      start({
        root: root('web'),
        config: wordpress,
        env: {
          DATABASE_HOST: '127.0.0.1',
          DATABASE_PORT: String(ports.database),
          STORE_ID: 'st-test',
          STORE_URL: `http://${host}:${ports.web}`,
          HOST: host,
          SHOP_NAME: 'Harbour & Sons',
          SHOP_CURRENCY: 'EUR',
          SHOP_LOCALE: 'en_US',
          PLUGIN: 'none',
          PORT: String(ports.web),
          PHP_WORKERS: '4',
          ...env,
        },
        writable: ['tmp', 'run/apache2', 'srv/wordpress/wp-content/uploads'],
        command,
      }),
    );
  const startSetup = (env: Record<string, string> = {}, files = '/etc/urumi/setup'): Container =>
    startWordpress(env, ['/bin/sh', `${files}/setup.sh`]);
  const site = (): Site => new Site(ports.web, `${host}:${ports.web}`);
  const emptyVolumes = (): void => {
    for (const [name, path] of [
      ['mariadb', 'data'],
      ['web', 'srv/wordpress/wp-content/uploads'],
    ] as const) {
      rmSync(join(root(name), path), { recursive: true, force: true });
      ownFolder(root(name), path, name === 'web' ? wordpress : mariadb);
    }
  };
  const stop = async (container: Container, signal: NodeJS.Signals): Promise<number | null> => {
    container.signal(signal);
    return container.ended;
  };
  const waitUntilReady = (web: Container): Promise<void> =>
    waitFor(
      async () =>
        (
          await site()
            .ask('/readyz?page')
            .catch(() => undefined)
        )?.status === 200,
      () => web.output(),
    );
  /** Counts as the administrator: what setup makes exactly once. */
  const countThings = async (): Promise<Record<string, number>> => {
    const visitor = site();
    expect((await visitor.logIn(admin.email, admin.password)).status).toBe(302);
    const headers = await visitor.nonce();
    const count = async (path: string): Promise<number> => {
      const answer = await visitor.ask(`/wp-json/wp/v2/${path}`, { headers });
      expect(answer.status, answer.text).toBe(200);
      return Number(answer.headers['x-wp-total']);
    };
    return {
      admins: await count('users?roles=administrator&context=edit'),
      pages: await count('pages?status=any'),
      pictures: await count('media'),
      menus: await count('navigation?status=any'),
      posts: await count('posts?status=any'),
    };
  };
  const whole = { admins: 1, pages: 1, pictures: 16, menus: 1, posts: 0 };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'urumi-images-'));
    const [database, web] = await buildImages(['mariadb-wordpress', 'wordpress']);
    if (database?.template === undefined || web === undefined) throw new Error('the images were not built');
    template = database.template;
    ports = { database: await freePort(), web: await freePort() };
    mariadb = await unpackImage(database.tar, root('mariadb'));
    wordpress = await unpackImage(web.tar, root('web'));

    place(root('mariadb'), 'run/secrets/urumi/database/password', secrets['database/password']);
    for (const path of ['data', 'tmp', 'run/mysqld']) ownFolder(root('mariadb'), path, mariadb);
    for (const path of ['tmp', 'run/apache2', 'srv/wordpress/wp-content/uploads']) {
      ownFolder(root('web'), path, wordpress);
    }
    for (const [name, text] of Object.entries(secrets)) place(root('web'), `run/secrets/urumi/${name}`, text);
    for (const name of ['setup.sh', 'settings.json', 'products.csv']) {
      place(root('web'), `etc/urumi/setup/${name}`, readFileSync(join(chartFiles, name), 'utf8'));
    }
  }, 30 * minute);

  afterAll(async () => {
    await Promise.all(running.map((container) => container.kill()));
    rmSync(folder, { recursive: true, force: true });
  }, minute);

  it('a broken row ends setup with exit 42 and a sentence that names the line', async () => {
    const rows = readFileSync(join(chartFiles, 'products.csv'), 'utf8').split('\n');
    const broken = rows.with(6, rows[6]?.replace(/,\d+\.\d+,/, ',abc,') ?? '').join('\n');
    for (const name of ['setup.sh', 'settings.json']) {
      place(root('web'), `etc/urumi/bad/${name}`, readFileSync(join(chartFiles, name), 'utf8'));
    }
    place(root('web'), 'etc/urumi/bad/products.csv', broken);
    const setup = startSetup({}, '/etc/urumi/bad');
    expect(await setup.ended).toBe(42);
    expect(setup.output()).toContain('urumi: cause=InputBad: products.csv line 7: price "abc" is not a number');
  });

  it('an image without the plugin says so', async () => {
    for (const container of [startWordpress({ PLUGIN: 'woocommerce' }), startSetup({ PLUGIN: 'woocommerce' })]) {
      expect(await container.ended).toBe(1);
      expect(container.output()).toContain('urumi: cause=PluginMissing: ');
    }
  });

  it('a web container that waits for setup stops at once when asked to', async () => {
    const web = startWordpress();
    await waitFor(
      async () =>
        (
          await site()
            .ask('/healthz')
            .catch(() => undefined)
        )?.status === 200,
    );
    expect((await site().ask('/readyz?now')).status).toBe(503);
    const since = performance.now();
    expect(await stop(web, 'SIGWINCH')).toBe(0);
    expect(performance.now() - since).toBeLessThan(8000);
  });

  it('setup killed at three points and then run twice at once makes one shop', async () => {
    const database = startDatabase();
    for (const afterMs of [Math.random() * 700, 700 + Math.random() * 500, 1200 + Math.random() * 500]) {
      const killed = startSetup();
      await Promise.race([delay(afterMs), killed.ended]);
      await killed.kill();
    }
    for (const setup of [startSetup(), startSetup()]) expect(await setup.ended, setup.output()).toBe(0);
    const web = startWordpress();
    await waitUntilReady(web);
    expect(await countThings()).toEqual(whole);
    expect(await stop(web, 'SIGWINCH')).toBe(0);
    await stop(database, 'SIGTERM');
  });

  it('a volume that lost its data is not served over the uploads of the shop it was', async () => {
    rmSync(join(root('mariadb'), 'data'), { recursive: true, force: true });
    ownFolder(root('mariadb'), 'data', mariadb);
    const database = startDatabase({ TEMPLATE: template });
    const web = startWordpress({ SETUP_ROUTE: 'template' });
    expect(await web.ended).toBe(1);
    expect(web.output()).toContain('urumi: cause=DataLost: ');
    await stop(database, 'SIGTERM');
  });

  describe('from the template', () => {
    let database: Container;
    let web: Container;

    beforeAll(async () => {
      emptyVolumes();
      database = startDatabase({ TEMPLATE: template });
      web = startWordpress({ SETUP_ROUTE: 'template' });
      await waitUntilReady(web);
    }, 2 * minute);

    it('is the same shop', async () => {
      expect(await countThings()).toEqual(whole);
    });

    it('shows its own name and pictures on the front page, and pretends no shop', async () => {
      const { status, text } = await site().ask('/');
      expect(status).toBe(200);
      expect(text).toContain('<meta name="urumi-store" content="st-test">');
      expect(text).toContain('<title>Harbour &amp; Sons</title>');
      expect(text.match(/class="wp-block-group shop-tile /g)).toHaveLength(16);
      expect(text).not.toContain('data-product_id');
      expect(text).not.toContain('template.invalid');
      const picture = await site().ask('/wp-content/uploads/urumi/harbour-mug-400.webp');
      expect(picture).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } });
    });

    it.each([
      '/wp-admin/install.php',
      '/wp-admin/setup-config.php',
      '//wp-admin//install.php',
      '/xmlrpc.php',
      '/wp-config.php',
      '/wp-content/uploads/x.php',
      '/wp-content/uploads/.urumi-instance',
    ])('refuses %s', async (path) => {
      expect((await site().ask(path)).status).toBe(403);
    });

    it('refuses hosts that are not its own, but answers probes under every name', async () => {
      expect((await site().ask('/', { host: 'other.localhost' })).status).toBe(421);
      expect((await site().ask('/', { host: `127.0.0.1:${ports.web}` })).status).toBe(421);
      expect((await site().ask('/healthz', { host: '10.1.2.3:8080' })).status).toBe(200);
      expect((await site().ask('/readyz?now', { host: '10.1.2.3:8080' })).status).toBe(200);
      expect((await site().ask('/readyz', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
    });

    it('takes a picture from its administrator, refuses a plugin, and tells nobody the log-in name', async () => {
      const owner = site();
      await owner.logIn(admin.email, admin.password);
      const headers = await owner.nonce();
      const upload = await owner.ask('/wp-json/wp/v2/media', {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'image/webp',
          'content-disposition': 'attachment; filename="boat.webp"',
        },
        body: readFileSync(join(pictures, 'harbour-mug.webp')),
      });
      expect(upload.status, upload.text).toBe(201);
      const { source_url: address } = JSON.parse(upload.text) as { source_url: string };
      expect((await site().ask(new URL(address).pathname)).status).toBe(200);
      const plugin = await owner.ask('/wp-json/wp/v2/plugins', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ slug: 'hello-dolly' }),
      });
      expect(plugin.status).toBe(403);
      expect((await owner.ask('/wp-admin/plugin-install.php')).status).toBe(403);
      expect((await owner.ask('/wp-admin/theme-editor.php')).status).toBe(403);
      expect((await site().ask('/wp-json/wp/v2/users')).text).not.toContain('owner-');
    });

    it('stops guessing after ten wrong passwords from one address, and leaves other addresses alone', async () => {
      const from = (address: string): Site => {
        const visitor = site();
        const ask = visitor.ask.bind(visitor);
        visitor.ask = (path, options) =>
          ask(path, { ...options, headers: { ...options?.headers, 'x-forwarded-for': address } });
        return visitor;
      };
      for (let tries = 0; tries < 10; tries += 1) await from('203.0.113.9').logIn(admin.email, 'wrong');
      expect((await from('203.0.113.9').logIn(admin.email, admin.password)).text).toContain('Too many wrong passwords');
      expect((await from('203.0.113.10').logIn(admin.email, admin.password)).status).toBe(302);
    });

    it('keeps everything when all is restarted', async () => {
      expect(await stop(web, 'SIGWINCH')).toBe(0);
      await stop(database, 'SIGTERM');
      database = startDatabase({ TEMPLATE: template });
      web = startWordpress({ SETUP_ROUTE: 'template' });
      await waitUntilReady(web);
      expect(await countThings()).toEqual({ ...whole, pictures: whole.pictures + 1 });
    });

    it('says so when the database refuses the password, and goes on when that is right again', async () => {
      await web.kill();
      place(root('web'), 'run/secrets/urumi/database/password', 'another secret');
      web = startWordpress({ SETUP_ROUTE: 'template' });
      await waitFor(() => web.output().includes('urumi: cause=PasswordRefused: '));
      const answer = await site().ask('/readyz?now');
      expect(answer.status).toBe(503);
      expect(answer.text).toContain('refuses the password');
      place(root('web'), 'run/secrets/urumi/database/password', secrets['database/password']);
      await waitUntilReady(web);
    });

    it('no secret is in what was written', () => {
      const written = running.map((container) => container.output()).join('\n');
      for (const secret of [admin.password, secrets['database/password'], secrets['app/salt']]) {
        expect(written).not.toContain(secret);
      }
    });
  });
});
