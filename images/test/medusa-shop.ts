/** A Medusa shop from its built images, without a cluster: what the tests of it start, on loopback ports, as its users. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImages } from '../build.ts';
import type { RunConfig } from '../lib/recipes/types.ts';
import { ownFolder, place, start, unpackImage, type Container } from '../testing/container.ts';
import { freePort } from './waiting.ts';

export const chartFiles = join(import.meta.dirname, '../../charts/ecommerce-store/files/medusa');
export const admin = { email: 'admin@example.com', password: 'correct horse battery staple' };
export const publishableKey = 'pk_0123456789abcdef0123456789';

type Part = 'postgres' | 'medusa' | 'storefront';
const images = {
  postgres: 'postgres-medusa',
  medusa: 'medusa-server',
  storefront: 'medusa-storefront',
} as const satisfies Record<Part, string>;

export class MedusaShop {
  /** Everything started, ended or not. */
  readonly running: Container[] = [];
  /** Name of the template that the database image carries. */
  readonly template: string;
  readonly ports: Readonly<Record<Part, number>>;
  readonly #folder: string;
  readonly #configs: Readonly<Record<Part, RunConfig>>;

  private constructor(
    folder: string,
    made: Pick<MedusaShop, 'template' | 'ports'> & { configs: Record<Part, RunConfig> },
  ) {
    this.#folder = folder;
    this.template = made.template;
    this.ports = made.ports;
    this.#configs = made.configs;
  }

  /** Builds what is missing (minutes where nothing is cached) and unpacks it with its secrets. */
  static async unpack(): Promise<MedusaShop> {
    const folder = mkdtempSync(join(tmpdir(), 'urumi-images-'));
    const parts: Part[] = ['postgres', 'medusa', 'storefront'];
    const built = await buildImages(parts.map((part) => images[part]));
    const configs = {} as Record<Part, RunConfig>;
    const ports = {} as Record<Part, number>;
    for (const [index, part] of parts.entries()) {
      configs[part] = await unpackImage(built[index]?.tar ?? '', join(folder, part));
      ports[part] = await freePort();
    }
    const shop = new MedusaShop(folder, { template: built[0]?.template ?? '', ports, configs });
    for (const path of ['data', 'tmp', 'run/postgresql']) ownFolder(shop.root('postgres'), path, configs.postgres);
    for (const path of ['tmp', 'srv/medusa/static']) ownFolder(shop.root('medusa'), path, configs.medusa);
    ownFolder(shop.root('storefront'), 'tmp', configs.storefront);
    const secrets = {
      'admin/email': admin.email,
      'admin/password': admin.password,
      'database/password': 'database secret',
      'app/jwtSecret': 'jwt secret',
      'app/cookieSecret': 'cookie secret',
      'app/publishableKey': publishableKey,
    };
    for (const [name, text] of Object.entries(secrets)) place(shop.root('medusa'), `run/secrets/urumi/${name}`, text);
    place(shop.root('postgres'), 'run/secrets/urumi/database/password', 'database secret');
    place(shop.root('storefront'), 'run/secrets/urumi/app/publishableKey', publishableKey);
    for (const name of ['setup.sh', 'settings.json', 'products.json']) {
      place(shop.root('medusa'), `etc/urumi/setup/${name}`, readFileSync(join(chartFiles, name), 'utf8'));
    }
    return shop;
  }

  root(part: Part): string {
    return join(this.#folder, part);
  }

  /** On its empty volume from the template, where one is named; else from scratch. */
  startDatabase(template = ''): Container {
    return this.#start('postgres', ['data', 'tmp', 'run/postgresql'], {
      PGPORT: String(this.ports.postgres),
      SHARED_BUFFERS_MB: '32',
      TEMPLATE: template,
    });
  }

  startMedusa(env: Record<string, string>, command?: string[]): Container {
    const variables = {
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(this.ports.postgres),
      STORE_URL: `http://127.0.0.1:${this.ports.medusa}`,
      SHOP_NAME: 'Harbour Coffee',
      SHOP_CURRENCY: 'EUR',
      PORT: String(this.ports.medusa),
      LOG_LEVEL: 'warn',
      ...env,
    };
    return this.#start('medusa', ['tmp', 'srv/medusa/static'], variables, command);
  }

  startStorefront(storeUrl: string): Container {
    return this.#start('storefront', ['tmp'], {
      PORT: String(this.ports.storefront),
      MEDUSA_URL: `http://127.0.0.1:${this.ports.medusa}`,
      STORE_URL: storeUrl,
      SHOP_NAME: 'Harbour Coffee',
      STORE_ID: 'abc',
    });
  }

  /** A client on the database container's own socket, as its superuser. */
  startSql(statement: string): Container {
    const client = [
      'psql',
      '-XAtq',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      '/run/postgresql',
      '-p',
      String(this.ports.postgres),
    ];
    return this.#start('postgres', ['tmp', 'run/postgresql'], {}, [
      ...client,
      '-U',
      'medusa',
      '-d',
      'medusa',
      '-c',
      statement,
    ]);
  }

  /** @returns lines of the answer; @throws Error with what the database says */
  async sql(statement: string): Promise<string[]> {
    const client = this.startSql(statement);
    if ((await client.ended) !== 0) throw new Error(`${statement}: ${client.output()}`);
    return client.output().split('\n').filter(Boolean);
  }

  async killAll(): Promise<void> {
    await Promise.all(this.running.map((container) => container.kill()));
  }

  async remove(): Promise<void> {
    await this.killAll();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(part: Part, writable: string[], env: Record<string, string>, command?: string[]): Container {
    const container = start({ root: this.root(part), config: this.#configs[part], env, writable, command });
    this.running.push(container);
    return container;
  }
}
