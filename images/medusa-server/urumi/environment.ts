/** One door to the environment of server and setup: variables and the secret files beside them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './cause.ts';

export type DatabaseAddress = { host: string; port: number; database: string; user: string; password: string };

export type ServerEnvironment = {
  database: DatabaseAddress;
  /** The shop's public origin, as Medusa writes it before a file's path. */
  storeUrl: string;
  port: number;
  /** Port where a start-up probe may wait for the server; absent: none. */
  openingPort: number | undefined;
  /** What makes a template's copy this store's own; absent where the setup Job makes the shop. */
  renewal: SetupEnvironment | undefined;
};

/** What the shop is called and sells in, from the chart's values; the currency in lower case, as Medusa keeps it. */
export type Shop = { name: string; currency: string };

export type SetupEnvironment = {
  database: DatabaseAddress;
  shop: Shop;
  admin: { email: string; password: string };
  publishableKey: string;
};

/** What the server's entry needs before Medusa reads its own configuration. Throws BadInput. */
export function readServerEnvironment(env: NodeJS.ProcessEnv): ServerEnvironment {
  return {
    database: readDatabase(env),
    storeUrl: readStoreUrl(env),
    port: toPort(env.PORT ?? '9000', 'PORT'),
    openingPort: env.OPENING_PORT === undefined ? undefined : toPort(env.OPENING_PORT, 'OPENING_PORT'),
    renewal: env.SETUP_ROUTE === 'template' ? readSetupEnvironment(env) : undefined,
  };
}

/** What setup needs. Throws BadInput naming the variable or secret. */
export function readSetupEnvironment(env: NodeJS.ProcessEnv): SetupEnvironment {
  const shop = { name: (env.SHOP_NAME ?? '').trim(), currency: (env.SHOP_CURRENCY ?? '').toLowerCase() };
  if (shop.name === '') throw new BadInput('SHOP_NAME must be a text that is not empty');
  if (!/^[a-z]{3}$/.test(shop.currency)) throw new BadInput('SHOP_CURRENCY must be a three-letter currency code');
  const publishableKey = readSecret(env, 'app/publishableKey');
  if (!/^pk_[A-Za-z0-9]{16,}$/.test(publishableKey)) {
    throw new BadInput('the secret app/publishableKey must be pk_ and at least 16 letters or digits');
  }
  return {
    database: readDatabase(env),
    shop,
    admin: { email: readSecret(env, 'admin/email'), password: readSecret(env, 'admin/password') },
    publishableKey,
  };
}

function readStoreUrl({ STORE_URL = '' }: NodeJS.ProcessEnv): string {
  const isHttp = URL.canParse(STORE_URL) && /^https?:$/.test(new URL(STORE_URL).protocol);
  if (!isHttp) throw new BadInput('STORE_URL must be the public address of the shop');
  return new URL(STORE_URL).origin;
}

function readDatabase(env: NodeJS.ProcessEnv): DatabaseAddress {
  const host = env.DATABASE_HOST ?? '';
  if (host === '') throw new BadInput('DATABASE_HOST must name the database');
  return {
    host,
    port: toPort(env.DATABASE_PORT ?? '5432', 'DATABASE_PORT'),
    database: env.DATABASE_NAME ?? 'medusa',
    user: env.DATABASE_USER ?? 'medusa',
    password: readSecret(env, 'database/password'),
  };
}

/** The trimmed text of a secret file below URUMI_SECRETS; the value never enters a message. */
function readSecret(env: NodeJS.ProcessEnv, name: string): string {
  const path = join(env.URUMI_SECRETS ?? '/run/secrets/urumi', name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new BadInput(`the secret ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === '') throw new BadInput(`the secret ${name} is empty`);
  return text;
}

function toPort(text: string, name: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new BadInput(`${name} must be a port number`);
  return port;
}
