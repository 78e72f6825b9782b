/**
 * The one door to the environment. Turns variables and the mounted key into a frozen configuration and names every
 * fault at once. Nothing else in the storefront reads `process.env`.
 */
import { readFileSync } from 'node:fs';

export interface Config {
  readonly port: number;
  /** Base address of the Medusa server, without a trailing slash. */
  readonly medusaUrl: string;
  readonly publishableKey: string;
  readonly shopName: string;
  /** ISO 4217, lower case, as Medusa writes it. */
  readonly currency: string;
  /** BCP 47, for `Intl`. */
  readonly locale: string;
  /** The origin shoppers use, e.g. `https://k7m2q0l1.shop.example`. */
  readonly storeOrigin: string;
  readonly isSecure: boolean;
  readonly storeId: string;
  /** Host names this shop answers to, lower case, without port. */
  readonly hosts: ReadonlySet<string>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown once with every fault, so that one restart is enough to see them all. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The storefront cannot start: ${faults.join('; ')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * @param env       variables, normally `process.env`
 * @param readText  reads the key file; a parameter so that tests need no file
 * @throws ConfigError naming every missing or unusable variable
 */
export function parseConfig(env: Environment, readText: (path: string) => string = readUtf8): Config {
  const faults: string[] = [];

  const required = (name: string): string => {
    const value = env[name]?.trim() ?? '';
    if (value === '') faults.push(`${name} is not set`);
    return value;
  };
  const origin = (name: string): URL => {
    const value = required(name);
    if (value === '') return unusable;
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return new URL(value);
    faults.push(`${name} is not an http address: ${value}`);
    return unusable;
  };

  const portText = env['PORT'] ?? '8080';
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push(`PORT is not a port: ${portText}`);

  const medusa = origin('MEDUSA_URL');
  const store = origin('STORE_URL');
  const shopName = required('SHOP_NAME');
  const storeId = required('STORE_ID');

  const currency = (env['SHOP_CURRENCY'] ?? 'EUR').toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) faults.push(`SHOP_CURRENCY is not a currency code: ${currency}`);

  const locale = (env['SHOP_LOCALE'] ?? 'en_US').replaceAll('_', '-');
  if (!isLocale(locale)) faults.push(`SHOP_LOCALE is not a locale: ${locale}`);

  const hosts = new Set(
    [env['HOST'] ?? '', store.hostname]
      .flatMap((names) => names.split(','))
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  );

  const keyFile = env['PUBLISHABLE_KEY_FILE'] ?? '/run/secrets/urumi/app/publishableKey';
  let publishableKey = '';
  try {
    publishableKey = readText(keyFile).trim();
    if (publishableKey === '') faults.push(`PUBLISHABLE_KEY_FILE is empty: ${keyFile}`);
  } catch (error) {
    faults.push(`PUBLISHABLE_KEY_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }

  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    port,
    medusaUrl: medusa.href.replace(/\/+$/, ''),
    publishableKey,
    shopName,
    currency,
    locale,
    storeOrigin: store.origin,
    isSecure: store.protocol === 'https:',
    storeId,
    hosts,
  });
}

/** Stands in for an address that was already reported as a fault; never leaves `parseConfig`. */
const unusable = new URL('http://unusable.invalid');

function readUtf8(path: string): string {
  return readFileSync(path, 'utf8');
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}
