import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';

let root: string;
let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'urumi-dashboard-'));
  api = await startApiWithRedis({ dashboardDir: join(root, 'dist') });
});
afterAll(async () => {
  await api.stop();
  await rm(root, { recursive: true, force: true });
});

const get = (path: string, accept = 'text/html,*/*') => api.callAnonymously('get', path).set('Accept', accept);

describe('before the dashboard is built', () => {
  it.each(['/', '/stores', '/login'])('%s says so and loads itself again', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.text).toContain('http-equiv="refresh"');
    expect(answer.text).not.toMatch(/<script|<style|style=/);
  });
});

describe('the built dashboard', () => {
  beforeAll(async () => {
    await mkdir(join(root, 'dist', 'assets'), { recursive: true });
    await writeFile(join(root, 'secret.txt'), 'secret');
    await writeFile(join(root, 'dist', 'index.html'), '<!doctype html><div id="root"></div>');
    await writeFile(join(root, 'dist', 'theme.js'), 'theme()');
    await writeFile(join(root, 'dist', 'assets', 'index-abc123.js'), 'run()');
  });

  it.each(['/', '/stores', '/stores/abcdefgh?tab=x', '/activity', '/login'])(
    '%s is the page, never kept',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('id="root"');
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-cache');
    },
  );

  it('keeps hashed assets for good and other files never', async () => {
    const asset = await get('/assets/index-abc123.js');
    expect([asset.status, asset.text]).toEqual([200, 'run()']);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const file = await get('/theme.js');
    expect([file.text, file.headers['cache-control']]).toEqual(['theme()', 'no-cache']);
  });

  it.each(['/assets/gone.js', '/api/nothing', '/admin', '/healthz/x'])('%s is not a page', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('problem+json');
  });

  it('answers programs that ask for no page with 404', async () => {
    expect((await get('/stores', 'application/json')).status).toBe(404);
    expect((await api.callAnonymously('post', '/stores')).status).toBe(404);
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2f..%2fsecret.txt', '/..%5csecret.txt'])(
    '%s does not leave the folder',
    async (path) => {
      const answer = await get(path);
      expect(answer.text).not.toBe('secret');
    },
  );

  it('is served under a policy that allows nothing inline and no frame', async () => {
    const { headers } = await get('/');
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split(';')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
    );
    expect(policy).toMatchObject({
      'default-src': "'self'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'frame-ancestors': "'none'",
      'object-src': "'none'",
    });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});
