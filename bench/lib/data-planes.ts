/** How a shop's database gets its content, three ways for each kind of shop, as containers outside any cluster. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageName } from '@urumi/images/build';
import { projectFolder } from '@urumi/scripts/launcher/places';

/** A way to a filled database: what the database is told, and the commands that run against it, one after another. */
export interface Way {
  readonly name: string;
  readonly usesTemplate: boolean;
  readonly commands: readonly (readonly string[])[];
  /** Started when the data is there; what it serves is an extra row. Null: the image's own entry. */
  readonly web: readonly string[] | null;
}

export interface DataPlane {
  readonly name: string;
  readonly images: { readonly database: ImageName; readonly web: ImageName };
  readonly needsPlugin: boolean;
  readonly databaseEnv: Readonly<Record<string, string>>;
  readonly databaseWritable: readonly string[];
  readonly webEnv: Readonly<Record<string, string>>;
  readonly webWritable: readonly string[];
  /** Files of the web container below `/seed`. */
  readonly seed: Readonly<Record<string, string>>;
  readonly page: { readonly port: number; readonly path: string; readonly shows: RegExp };
  /** Ours first. */
  readonly ways: readonly Way[];
}

export const host = 'bench.localhost';

/** The command line looks for its project in the working directory. */
const medusaCli = ['sh', '-c', 'cd /srv/medusa && exec node node_modules/@medusajs/cli/cli.js "$@"', 'sh'];
/** What the server does in a thread while its modules load. */
const waitForShop = `
  const { readServerEnvironment } = await import('/srv/medusa/urumi/environment.js');
  const { medusaVersion, uploadsFolder } = await import('/srv/medusa/urumi/medusa.js');
  const { waitForShop } = await import('/srv/medusa/urumi/wait-for-shop.js');
  await waitForShop({ environment: readServerEnvironment(process.env), medusa: medusaVersion(), uploads: uploadsFolder });
  process.exit(0);
`;

const medusa: DataPlane = {
  name: 'medusa',
  images: { database: 'postgres-medusa', web: 'medusa-server' },
  needsPlugin: false,
  databaseEnv: { SHARED_BUFFERS_MB: '64' },
  databaseWritable: ['data', 'tmp', 'run/postgresql'],
  webEnv: {
    HOME: '/tmp',
    DATABASE_HOST: '127.0.0.1',
    STORE_URL: `http://${host}:9000`,
    SHOP_NAME: 'Bench',
    SHOP_CURRENCY: 'EUR',
    PORT: '9000',
    LOG_LEVEL: 'warn',
  },
  webWritable: ['tmp', 'srv/medusa/static'],
  seed: readSeed('medusa'),
  page: { port: 9000, path: '/health', shows: /OK/ },
  ways: [
    {
      name: 'template',
      usesTemplate: true,
      commands: [['node', '--input-type=module', '-e', waitForShop]],
      web: null,
    },
    {
      name: 'batched',
      usesTemplate: false,
      commands: [['/usr/local/bin/urumi-setup', '/seed']],
      web: null,
    },
    {
      name: 'a process per step',
      usesTemplate: false,
      commands: [
        ['node', '/seed/wait-for-database.mjs'],
        [...medusaCli, 'db:migrate'],
        [...medusaCli, 'user', '--email', 'admin@example.com', '--password', 'bench password'],
        ['node', '/seed/seed.mjs'],
      ],
      web: [...medusaCli, 'start'],
    },
  ],
};

const php = { template: ['php', '/srv/urumi/prepare.php'], batched: ['/usr/local/bin/urumi-setup', '/seed'] };
const wordpressBase = {
  databaseEnv: { BUFFER_POOL_MB: '64' },
  databaseWritable: ['data', 'tmp', 'run/mysqld'],
  webWritable: ['tmp', 'run/apache2', 'srv/wordpress/wp-content/uploads'],
  seed: readSeed('woocommerce'),
};
const wordpressEnv = {
  HOME: '/tmp',
  DATABASE_HOST: '127.0.0.1',
  DATABASE_NAME: 'wordpress',
  DATABASE_USER: 'wordpress',
  STORE_ID: 'bench',
  STORE_URL: `http://${host}:8080`,
  HOST: host,
  SHOP_NAME: 'Bench',
  SHOP_CURRENCY: 'EUR',
  SHOP_LOCALE: 'en_US',
  PORT: '8080',
  PHP_WORKERS: '4',
  INTERNET: 'off',
};

const woocommerce: DataPlane = {
  ...wordpressBase,
  name: 'woocommerce',
  images: { database: 'mariadb-woocommerce', web: 'woocommerce' },
  needsPlugin: true,
  webEnv: { ...wordpressEnv, PLUGIN: 'woocommerce' },
  page: { port: 8080, path: '/', shows: /data-product_id="/ },
  ways: [
    { name: 'template', usesTemplate: true, commands: [php.template], web: null },
    { name: 'batched', usesTemplate: false, commands: [php.batched], web: null },
    {
      name: 'a process per step',
      usesTemplate: false,
      commands: [['sh', '/seed/naive.sh']],
      web: ['sh', '/seed/web.sh'],
    },
  ],
};

/** Without the plugin: for machines where no archive of it is given. Nothing is sold, so there is no step to compare. */
const wordpress: DataPlane = {
  ...wordpressBase,
  name: 'wordpress without the plugin',
  images: { database: 'mariadb-wordpress', web: 'wordpress' },
  needsPlugin: false,
  webEnv: { ...wordpressEnv, PLUGIN: 'none' },
  page: { port: 8080, path: '/', shows: /urumi-store/ },
  ways: woocommerce.ways.slice(0, 2),
};

export const dataPlanes: readonly DataPlane[] = [medusa, woocommerce, wordpress];

/** Content as our own chart has it, and the scripts of the naive one. */
function readSeed(engine: 'medusa' | 'woocommerce'): Record<string, string> {
  const own = join(projectFolder, 'charts', 'ecommerce-store', 'files', engine);
  const naive = join(import.meta.dirname, '..', 'rivals', 'naive-chart', 'files', engine);
  const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');
  const content = readdirSync(own).filter((file) => /\.(json|csv)$/.test(file));
  return Object.fromEntries([
    ...content.map((file) => [file, read(own, file)]),
    ...readdirSync(naive).map((file) => [file === 'setup.sh' ? 'naive.sh' : file, read(naive, file)]),
  ]) as Record<string, string>;
}
