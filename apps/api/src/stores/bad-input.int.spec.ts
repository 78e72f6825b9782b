import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis({ storesMax: 40 });
});
afterAll(() => api.stop());

const good = { name: 'Harbour Coffee', engine: 'medusa' };

async function countStores(): Promise<number> {
  return (await api.repository.listIds()).length;
}

describe('a refused request', () => {
  const long = 'x'.repeat(64);
  const rows: readonly [what: string, body: unknown, status: number, code: string, sentence: RegExp][] = [
    ['an empty name', { ...good, name: '' }, 400, 'store.name-invalid', /1 to 63 characters.*blank/],
    ['a blank name', { ...good, name: ' \u00a0\u3000 ' }, 400, 'store.name-invalid', /blank/],
    ['a name of 64', { ...good, name: long }, 400, 'store.name-invalid', /at most 63 characters\. This one has 64/],
    ['a line break in a name', { ...good, name: 'a\nb' }, 400, 'store.name-invalid', /control characters/],
    ['a NUL in a name', { ...good, name: 'a\u0000b' }, 400, 'store.name-invalid', /control characters/],
    ['half a surrogate pair', { ...good, name: 'a\ud800b' }, 400, 'store.name-invalid', /control characters/],
    ['no name', { engine: 'medusa' }, 400, 'store.name-invalid', /needs a name/],
    ['a number as name', { ...good, name: 7 }, 400, 'store.name-invalid', /as text/],
    ['a list as name', { ...good, name: ['a'] }, 400, 'store.name-invalid', /as text/],
    [
      'an unknown engine',
      { ...good, engine: 'magento' },
      400,
      'engine.unknown',
      /no engine "magento".*woocommerce, medusa/,
    ],
    ['no engine', { name: 'x' }, 400, 'engine.unknown', /Choose one of/],
    ['an unavailable engine', { ...good, engine: 'woocommerce' }, 409, 'engine.unavailable', /not on this cluster/],
    ['an unknown size', { ...good, plan: 'XXL' }, 400, 'request.invalid', /no size "XXL".*S, M, L/],
    ['an address in capitals', { ...good, host: 'Shop1' }, 400, 'store.host-invalid', /lower-case letters/],
    ['an address of two labels', { ...good, host: 'a.b' }, 400, 'store.host-invalid', /one word below \.shops\.test/],
    ['an address elsewhere', { ...good, host: 'shop.example.com' }, 400, 'store.host-invalid', /Other domains/],
    ['a reserved address', { ...good, host: 'www' }, 400, 'store.host-invalid', /kept for the platform/],
    ['an address in other letters', { ...good, host: 'xn--bcher-kva' }, 400, 'store.host-invalid', /xn--/],
    ['an address like an id', { ...good, host: 'k7m2qpx4' }, 400, 'store.host-invalid', /another store/],
    ['an address of 64', { ...good, host: 'x'.repeat(64) }, 400, 'store.host-invalid', /at most 63/],
    ['a number as address', { ...good, host: 7 }, 400, 'store.host-invalid', /sent as text/],
    ['no address at all', { ...good, host: '.shops.test' }, 400, 'store.host-invalid', /at least one/],
    ['an unknown field', { ...good, owner: 'eve' }, 400, 'request.invalid', /no field "owner"/],
    ['a field of the prototype', { ...good, constructor: 1 }, 400, 'request.invalid', /no field "constructor"/],
    [
      'several faults at once',
      { name: '', engine: 'x', zz: 1 },
      400,
      'request.invalid',
      /name, engine, zz|zz, name, engine/,
    ],
    ['a list as body', [good], 400, 'request.not-json', /one JSON object/],
  ];
  it.each(rows)('%s', async (_what, body, status, code, sentence) => {
    const before = await countStores();
    const answer = await api.call('post', '/api/stores').send(body as object);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ type: `urn:urumi:problem:${code}`, status, code });
    expect(answer.body.detail).toMatch(sentence);
    expect(answer.body.title).not.toBe('');
    expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
    expect(await countStores()).toBe(before);
  });

  const raw: readonly [what: string, type: string, body: string, status: number, code: string][] = [
    ['broken JSON', 'application/json', '{"name": "x', 400, 'request.not-json'],
    ['a bare string', 'application/json', '"x"', 400, 'request.not-json'],
    ['a form', 'application/x-www-form-urlencoded', 'name=x&engine=medusa', 400, 'request.not-json'],
    [
      'a body of 1 MB',
      'application/json',
      JSON.stringify({ ...good, name: 'x'.repeat(1024 * 1024) }),
      413,
      'request.too-large',
    ],
    [
      '__proto__ as field',
      'application/json',
      '{"name":"x","engine":"medusa","__proto__":{"plan":"L"},"zz":1}',
      400,
      'request.invalid',
    ],
    [
      'deep nesting',
      'application/json',
      `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)},"engine":"medusa"}`,
      400,
      'request.invalid',
    ],
  ];
  it.each(raw)('%s', async (_what, type, body, status, code) => {
    const before = await countStores();
    const answer = await api.call('post', '/api/stores').set('Content-Type', type).send(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await countStores()).toBe(before);
  });

  it('names every field at fault', async () => {
    const answer = await api.call('post', '/api/stores').send({ name: ' ', engine: 'magento', plan: 'S', hosts: 'x' });
    const byField = Object.fromEntries(
      (answer.body.errors as { field: string; code: string }[]).map(({ field, code }) => [field, code]),
    );
    expect(byField).toEqual({ name: 'store.name-invalid', engine: 'engine.unknown', hosts: 'request.field-unknown' });
  });

  it('carries the numbers for clients with their own words', async () => {
    const answer = await api.call('post', '/api/stores').send({ ...good, name: long });
    expect(answer.body.params).toEqual({ field: 'name', fault: 'too-long', length: 64, lengthMax: 63 });
  });

  it.each([
    ['/api/stores?limit=0', 'limit'],
    ['/api/stores?limit=101', 'limit'],
    ['/api/stores?limit=ten', 'limit'],
    ['/api/stores?status=ready,broken', 'status'],
    ['/api/stores?status=deleted', 'status'],
    ['/api/stores?engine=magento', 'engine'],
    ['/api/stores?cursor=../../etc', 'cursor'],
    [`/api/stores?q=${'x'.repeat(101)}`, 'q'],
    ['/api/stores?sort=name', 'sort'],
    ['/api/activity?cursor=1-abc', 'cursor'],
    ['/api/activity?limit=1.5', 'limit'],
  ])('%s', async (path, field) => {
    const answer = await api.call('get', path);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  it.each([
    ['get', '/api/stores/zzzzzzzz'],
    ['get', '/api/stores/..%2Fkube-system'],
    ['get', '/api/stores/default'],
    ['get', `/api/stores/${'a'.repeat(300)}`],
    ['get', '/api/stores/zzzzzzzz/timeline'],
    ['delete', '/api/stores/zzzzzzzz'],
    ['post', '/api/stores/zzzzzzzz/retry'],
    ['post', '/api/stores/zzzzzzzz/cancel'],
    ['patch', '/api/stores/zzzzzzzz'],
  ] as const)('unknown id: %s %s', async (method, path) => {
    const answer = await api.call(method, path);
    expect([answer.status, answer.body.code]).toEqual([404, 'store.not-found']);
  });

  it.each([
    ['get', '/api/nothing'],
    ['get', '/api'],
    ['put', '/api/stores'],
    ['get', '/nothing'],
  ] as const)('unknown route: %s %s', async (method, path) => {
    const answer = await api.call(method, path);
    expect([answer.status, answer.body.code]).toEqual([404, 'request.route-unknown']);
  });

  it('a path that cannot be decoded', async () => {
    const answer = await api.call('get', '/api/stores/%E0%A4%A');
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it('a key that is too long, empty or not printable', async () => {
    for (const key of ['k'.repeat(256), '', 'schlüssel']) {
      const answer = await api.call('post', '/api/stores').set('Idempotency-Key', key).send(good);
      expect([answer.status, answer.body.code]).toEqual([400, 'idempotency.key-invalid']);
    }
  });
});

describe('an accepted name', () => {
  it.each([
    'HARBOUR',
    'Harbour  Coffee & Söhne',
    'متجر القهوة',
    '咖啡店 ☕',
    '👩‍👩‍👧‍👦 family',
    '../x',
    '{{ .Values.secret }}',
    '--kubeconfig=x',
    '; rm -rf /',
    '"quoted", $(id) `id`',
    '<script>alert(1)</script>',
    'constructor',
    'é'.repeat(63),
  ])('is shown as typed and reaches nothing but the record: %s', async (name) => {
    const answer = await api.call('post', '/api/stores').send({ name, engine: 'medusa' });
    expect(answer.status).toBe(202);
    const { id, host, url } = answer.body as { id: string; host: string; url: string };
    expect(answer.body.name).toBe(name);
    expect(id).toMatch(/^[a-z][a-z0-9]{7}$/);
    expect([host, url]).toEqual([`${id}.shops.test`, `http://${id}.shops.test:8080`]);
    expect((await api.call('get', `/api/stores/${id}`)).body.name).toBe(name);
  });

  it('is trimmed and nothing else', async () => {
    const answer = await api.call('post', '/api/stores').send({ name: '  Two  Spaces  ', engine: 'medusa' });
    expect(answer.body.name).toBe('Two  Spaces');
  });

  it('is refused the second time, in any case, with the id of the first', async () => {
    const id = await api.create('Only One');
    const answer = await api.call('post', '/api/stores').send({ name: ' only one ', engine: 'medusa' });
    expect([answer.status, answer.body.code]).toEqual([409, 'store.name-taken']);
    expect(answer.body.params).toEqual({ storeId: id, name: 'only one' });
    expect(answer.body.detail).toContain('"only one"');
  });

  it('stays out of keys and jobs', async () => {
    const id = await api.create('needle-in-no-key');
    const keys = (await api.redis.keys('*')).join('\n');
    expect(keys).not.toContain('needle-in-no-key');
    expect(keys).toContain(id);
    const jobs = await Promise.all(
      (await api.redis.keys('urumi:bull:stores:[0-9]*')).map((key) => api.redis.hgetall(key)),
    );
    expect(JSON.stringify(jobs)).not.toContain('needle');
  });
});

describe('the quota', () => {
  it('is refused with the numbers', async () => {
    for (let count = await countStores(); count < 40; count += 1) await api.create(`Filler ${count}`);
    const answer = await api.call('post', '/api/stores').send({ name: 'One more', engine: 'medusa' });
    expect([answer.status, answer.body.code]).toEqual([429, 'quota.stores-exceeded']);
    expect(answer.body.params).toEqual({ stores: 40, storesMax: 40 });
    expect(answer.body.detail).toMatch(/40 of 40/);
  });
});
