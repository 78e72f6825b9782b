import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis, token, type Method } from '../testing/api.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis({ failedLoginsMax: 1_000 });
});
afterAll(() => api.stop());

/** Every operation there is: a new route is tested the day it appears in the document. */
const document = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, object>>;
};
const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => [method as Method, path.replace('{id}', 'zzzzzzzz')] as const),
);

const wrong: readonly [what: string, header: string | null, code: string][] = [
  ['no token', null, 'auth.missing'],
  ['an empty token', 'Bearer ', 'auth.missing'],
  ['another scheme', `Token ${token}`, 'auth.missing'],
  ['Basic, which only the board takes', `Basic ${Buffer.from(`x:${token}`).toString('base64')}`, 'auth.missing'],
  ['a wrong token', 'Bearer wrong-token-wrong-token', 'auth.unknown-token'],
  ['the token and one character', `Bearer ${token}x`, 'auth.unknown-token'],
  ['the token without its last', `Bearer ${token.slice(0, -1)}`, 'auth.unknown-token'],
];

describe.each(routes)('%s %s', (method, path) => {
  it.each(wrong)('answers 401 to %s', async (_what, header, code) => {
    const request = api.callAnonymously(method, path);
    const answer = await (header === null ? request : request.set('Authorization', header));
    expect([answer.status, answer.body.code]).toEqual([401, code]);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="urumi"');
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});

describe('probes', () => {
  it.each(['/healthz', '/livez', '/readyz'])('%s needs no token', async (path) => {
    const answer = await api.callAnonymously('get', path);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'ok' });
  });
});

describe('the queue board', () => {
  const basic = (password: string): string => `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;
  const paths = [
    '/admin/queues',
    '/admin/queues/',
    '/admin/queues/queue/stores',
    '/admin/queues/api/queues',
    '/admin/queues/static/nothing.js',
  ];

  it.each(paths)('%s asks for a password', async (path) => {
    for (const header of [undefined, basic('wrong'), basic(''), 'Bearer wrong', 'Basic !!!']) {
      const request = api.callAnonymously('get', path);
      const answer = await (header === undefined ? request : request.set('Authorization', header));
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
  });

  it.each([basic(token), `Bearer ${token}`])('opens with the admin token (%#)', async (header) => {
    const page = await api.callAnonymously('get', '/admin/queues').set('Authorization', header);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Urumi queues');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.text)?.[1];
    expect((await api.callAnonymously('get', `/admin/queues/${script}`).set('Authorization', header)).status).toBe(200);
  });

  it('runs no script that its policy would refuse', async () => {
    const page = await api.callAnonymously('get', '/admin/queues').set('Authorization', basic(token));
    const inline = [...page.text.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(inline.every((attributes) => attributes?.includes('type="application/json"'))).toBe(true);
  });

  it('shows jobs and changes nothing', async () => {
    const id = await api.create('On the board');
    const get = async () =>
      (
        await api
          .callAnonymously('get', '/admin/queues/api/queues?activeQueue=stores&status=prioritized')
          .set('Authorization', basic(token))
      ).body;
    const board = await get();
    expect(board.queues[0]).toMatchObject({ name: 'stores', readOnlyMode: true });
    expect(JSON.stringify(board.queues[0].jobs)).toContain(id);
    for (const [method, path] of [
      ['put', 'stores/pause'],
      ['put', 'stores/empty'],
      ['put', 'stores/clean/failed'],
      ['put', 'pause'],
      ['post', 'stores/add'],
    ] as const) {
      const answer = await api
        .callAnonymously(method, `/admin/queues/api/queues/${path}`)
        .set('Authorization', basic(token));
      expect(answer.status).toBe(404);
    }
    expect(JSON.stringify((await get()).queues[0].jobs)).toContain(id);
  });
});

describe('guessing', () => {
  it('is slowed down per address, and never locks out who has the token', async () => {
    const strict = await startApiWithRedis({ failedLoginsMax: 5 });
    try {
      const guess = () => strict.callAnonymously('get', '/api/me').set('Authorization', 'Bearer guess');
      for (let tries = 0; tries < 5; tries += 1) expect((await guess()).status).toBe(401);
      const refused = await guess();
      expect([refused.status, refused.body.code]).toEqual([429, 'rate.exceeded']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
      const board = await strict.callAnonymously('get', '/admin/queues').set('Authorization', 'Bearer guess');
      expect(board.status).toBe(429);
      expect((await strict.callAnonymously('get', '/api/me')).status).toBe(401);
      expect((await strict.call('get', '/api/me')).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });
});
