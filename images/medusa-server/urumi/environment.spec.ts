import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput } from './cause.ts';
import { readSetupEnvironment } from './environment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-environment-'));
  writeSecret('admin/email', 'admin@example.com');
  writeSecret('admin/password', 'correct horse\n');
  writeSecret('database/password', 'db');
  writeSecret('app/publishableKey', 'pk_0123456789abcdef');
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeSecret(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const env = (change: Record<string, string | undefined> = {}): NodeJS.ProcessEnv => ({
  URUMI_SECRETS: folder,
  DATABASE_HOST: 'store-database',
  STORE_URL: 'http://abc.localhost:8080/',
  SHOP_NAME: 'Harbour Coffee',
  SHOP_CURRENCY: 'EUR',
  ...change,
});

describe('the environment of setup', () => {
  it('is read with its secrets trimmed, the address without a slash and the currency in lower case', () => {
    expect(readSetupEnvironment(env())).toEqual({
      database: { host: 'store-database', port: 5432, database: 'medusa', user: 'medusa', password: 'db' },
      storeUrl: 'http://abc.localhost:8080',
      shop: { name: 'Harbour Coffee', currency: 'eur' },
      admin: { email: 'admin@example.com', password: 'correct horse' },
      publishableKey: 'pk_0123456789abcdef',
    });
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no database', { DATABASE_HOST: undefined }, 'DATABASE_HOST'],
    ['no address', { STORE_URL: 'abc' }, 'STORE_URL'],
    ['a blank name', { SHOP_NAME: ' ' }, 'SHOP_NAME'],
    ['an unknown kind of currency', { SHOP_CURRENCY: '€' }, 'SHOP_CURRENCY'],
    ['a port out of range', { DATABASE_PORT: '70000' }, 'DATABASE_PORT'],
  ])('refuses %s by name', (_, change, name) => {
    expect(() => readSetupEnvironment(env(change))).toThrow(BadInput);
    expect(() => readSetupEnvironment(env(change))).toThrow(name);
  });

  it('names an empty or missing secret and never shows a value', () => {
    writeSecret('admin/password', '');
    expect(() => readSetupEnvironment(env())).toThrow('the secret admin/password is empty');
    writeSecret('admin/password', 'x');
    writeSecret('app/publishableKey', 'sk_very-secret');
    expect(() => readSetupEnvironment(env())).toThrow(/^(?!.*very-secret)/);
  });
});
