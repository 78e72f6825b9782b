import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput } from './cause.ts';
import { readServerEnvironment, readSetupEnvironment } from './environment.ts';

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
  it('is read with its secrets trimmed and the currency in lower case', () => {
    expect(readSetupEnvironment(env())).toEqual({
      database: { host: 'store-database', port: 5432, database: 'medusa', user: 'medusa', password: 'db' },
      shop: { name: 'Harbour Coffee', currency: 'eur' },
      admin: { email: 'admin@example.com', password: 'correct horse' },
      publishableKey: 'pk_0123456789abcdef',
    });
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no database', { DATABASE_HOST: undefined }, 'DATABASE_HOST'],
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

describe('the environment of the server', () => {
  it.each([
    ['http://abc.localhost:8080/', 'http://abc.localhost:8080'],
    ['https://ABC.shop.example:443', 'https://abc.shop.example'],
  ])('has the address %s as Medusa writes it before a file', (STORE_URL, origin) => {
    expect(readServerEnvironment(env({ STORE_URL })).storeUrl).toBe(origin);
  });

  it.each([undefined, 'abc', 'file:///shop'])('refuses %s as an address', (STORE_URL) => {
    expect(() => readServerEnvironment(env({ STORE_URL }))).toThrow(BadInput);
    expect(() => readServerEnvironment(env({ STORE_URL }))).toThrow('STORE_URL');
  });
});
