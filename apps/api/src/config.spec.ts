import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestToken, isDigest } from './auth/token-digest.ts';
import { readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'urumi-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'a-token-of-good-length\n');
const least = { REDIS_URL: 'redis://127.0.0.1:6379', URUMI_ADMIN_TOKEN_FILE: tokenFile };

describe('the configuration', () => {
  it('has a default for all but Redis and the token', () => {
    expect(readConfig(least)).toMatchObject({
      http: { host: '127.0.0.1', port: 3000 },
      ops: null,
      baseDomain: 'localhost',
      storesMax: 50,
      storeAddress: { scheme: 'http', port: 8080 },
      dashboardDir: null,
      enginesUnavailable: null,
    });
  });

  it('keeps the digest of the token and not the token', () => {
    const config = readConfig(least);
    expect(isDigest(digestToken('a-token-of-good-length'), config.adminToken)).toBe(true);
    expect(isDigest(digestToken('a-token-of-good-length\n'), config.adminToken)).toBe(false);
    expect(JSON.stringify(config)).not.toContain('good-length');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes reasons for engines, also none at all', () => {
    const read = (text: string) => readConfig({ ...least, URUMI_ENGINES_UNAVAILABLE: text }).enginesUnavailable;
    expect(read('{}')).toEqual({});
    expect(read('{"medusa":"No room."}')).toEqual({ medusa: 'No room.' });
  });

  it('names every fault at once', () => {
    writeFileSync(join(folder, 'short'), 'short');
    const read = () =>
      readConfig({
        REDIS_URL: 'http://x',
        URUMI_ADMIN_TOKEN_FILE: join(folder, 'short'),
        HTTP_PORT: '99999',
        STORE_SCHEME: 'ftp',
        URUMI_ENGINES_UNAVAILABLE: '{"magento":"x"}',
      });
    for (const name of [
      'REDIS_URL',
      'URUMI_ADMIN_TOKEN_FILE',
      'HTTP_PORT',
      'STORE_SCHEME',
      'URUMI_ENGINES_UNAVAILABLE',
    ]) {
      expect(read).toThrow(name);
    }
    expect(() => readConfig({ ...least, URUMI_ADMIN_TOKEN_FILE: '/nowhere' })).toThrow(/cannot be read/);
  });
});
