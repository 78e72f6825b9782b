import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FakeMedusa } from './support/fake-medusa.ts';
import type { Storefront } from './support/storefront.ts';
import { startFakeMedusa } from './support/fake-medusa.ts';
import { Shopper, startStorefront } from './support/storefront.ts';

let medusa: FakeMedusa;
let storefront: Storefront;

beforeAll(async () => {
  medusa = await startFakeMedusa();
  storefront = await startStorefront({ medusaUrl: medusa.url });
});

afterAll(async () => {
  await storefront.close();
  await medusa.close();
});

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** fetch sets Host and Origin itself; this says exactly what is given. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: storefront.port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('host names', () => {
  test.each(['evil.example', '127.0.0.1.evil.example', 'evil.example:8080', 'k7m2q0l1'])(
    'a request for %s is not answered with the shop',
    async (host) => {
      const answer = await raw('/', { host });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('Harbour');
    },
  );

  test('an address with a host in the request line is refused', async () => {
    expect((await raw('http://evil.example/')).status).toBe(400);
  });

  test('probes answer whatever the host', async () => {
    expect((await raw('/healthz', { host: '10.0.0.7:8080' })).status).toBe(200);
    expect((await raw('/readyz', { host: '10.0.0.7:8080' })).status).toBe(200);
  });

  test('no answer repeats the Host header', async () => {
    const answer = await raw('/', { host: '127.0.0.1:1234' });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('127.0.0.1:1234');
  });
});

describe('forms', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test.each([
    ['from another site', { origin: 'https://evil.example' }],
    ['from a hidden page', { origin: 'null' }],
    ['from the same host under another scheme', { origin: 'https://127.0.0.1' }],
    ['without any mark of where it comes from', {}],
    ['from a cross-site context', { 'sec-fetch-site': 'cross-site' }],
  ])('%s are refused', async (_name, headers) => {
    const answer = await raw('/cart/lines', { ...form, ...headers }, 'POST', 'variant_id=variant_2&quantity=1');
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('with a hidden origin pass when the browser vouches for the same origin', async () => {
    const headers = { ...form, origin: 'null', 'sec-fetch-site': 'same-origin' };
    const answer = await raw('/cart/lines', headers, 'POST', 'variant_id=variant_2&quantity=1');
    expect(answer.status).toBe(303);
  });

  test('larger than any of ours are refused unread', async () => {
    const answer = await raw(
      '/checkout',
      { ...form, origin: storefront.origin },
      'POST',
      `email=${'a'.repeat(40_000)}`,
    );
    expect(answer.status).toBe(413);
  });

  test('of another type are refused', async () => {
    const headers = { origin: storefront.origin, 'content-type': 'application/json' };
    expect((await raw('/checkout', headers, 'POST', '{}')).status).toBe(415);
  });
});

describe('answers', () => {
  test.each(['/', '/cart', '/nothing', '/healthz', '/assets/shop.css'])(
    '%s carries the security headers',
    async (path) => {
      const { headers } = await raw(path);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
    },
  );

  test('hold no inline script, style or event handler', async () => {
    for (const path of ['/', '/products/stoneware-mug', '/cart', '/nothing']) {
      const { body } = await raw(path);
      expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i);
    }
  });

  test('say which methods an address takes', async () => {
    const answer = await raw('/cart', { origin: storefront.origin }, 'DELETE');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD');
  });

  test('to HEAD have the headers of GET and no body', async () => {
    const answer = await raw('/', {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('');
  });

  test('are compressed for those who can read it', async () => {
    expect((await raw('/', { 'accept-encoding': 'gzip, br' })).headers['content-encoding']).toBe('gzip');
    expect((await raw('/', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
  });

  test('for files may be kept for good under their version, and are not sent twice', async () => {
    const href = /href="(\/assets\/shop\.css\?v=[^"]+)"/.exec((await raw('/')).body)?.[1] ?? '';
    const first = await raw(href);
    expect(first.headers['cache-control']).toContain('immutable');
    const second = await raw(href, { 'if-none-match': String(first.headers['etag']) });
    expect(second.status).toBe(304);
  });

  test('for the stylesheet stay under 15 kB', async () => {
    const { body } = await raw('/assets/shop.css');
    expect(Buffer.byteLength(body)).toBeLessThan(15_000);
    expect(body).toContain('@media (prefers-color-scheme: dark) {:root {');
  });

  test('never leave the folders of files', async () => {
    for (const path of ['/media/..%2f..%2fpackage.json', '/assets/../config.ts', '/media/%2e%2e/package.json']) {
      expect((await raw(path)).status).toBe(404);
    }
  });

  test('cookies are for this shop alone', async () => {
    const shopper = new Shopper(storefront.origin);
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: storefront.origin };
    const plain = await raw('/cart/lines', form, 'POST', 'variant_id=variant_2&quantity=1');
    expect(String(plain.headers['set-cookie'])).toMatch(/^shop_cart=.*HttpOnly; SameSite=Lax$/);
    expect(shopper.cookies.size).toBe(0);
  });
});

describe('a shop under https', () => {
  test('sets cookies that only https and only this host can have', async () => {
    const secure = await startStorefront({
      medusaUrl: medusa.url,
      environment: { STORE_URL: 'https://shop.example', HOST: '127.0.0.1,shop.example' },
    });
    const answer = await fetch(`${secure.origin}/cart/lines`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: 'variant_id=variant_2&quantity=1',
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-shop_cart=.*Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    await secure.close();
  });
});

describe('the log', () => {
  test('has one line per request, without addresses, ids or queries', async () => {
    storefront.lines.length = 0;
    await raw('/order/order_secret?email=ada@example.com', { 'user-agent': 'Secret/1.0' });
    await raw('/healthz');
    expect(storefront.lines).toHaveLength(1);
    expect(storefront.lines[0]).toMatchObject({ msg: 'request', route: '/order/:id', status: 404, method: 'GET' });
    expect(JSON.stringify(storefront.lines)).not.toMatch(/secret|ada@|127\.0\.0\.1/i);
  });
});

describe('the catalogue', () => {
  test('asks the backend once for shoppers who come together', async () => {
    const fresh = await startStorefront({ medusaUrl: medusa.url });
    medusa.calls.length = 0;
    const shopper = new Shopper(fresh.origin);
    await Promise.all(Array.from({ length: 20 }, () => shopper.get('/')));
    expect(medusa.calls.filter((call) => call === 'GET /store/products')).toHaveLength(1);
    await fresh.close();
  });

  test('shows one category, says so when it is empty, and knows which do not exist', async () => {
    const shopper = new Shopper(storefront.origin);
    const kitchen = await shopper.get('/?category=kitchen');
    expect(kitchen.text).toContain('stoneware-mug');
    expect(kitchen.text).not.toContain('wool-throw');
    expect((await shopper.get('/?category=garden')).text).toContain('Nothing in this category yet.');
    expect((await shopper.get('/?category=nonsense')).status).toBe(404);
    expect((await shopper.get('/?page=7')).status).toBe(404);
  });

  test('marks what is sold out and never offers it', async () => {
    const shopper = new Shopper(storefront.origin);
    const { text } = await shopper.get('/products/olive-wood-board');
    expect(text).toContain('Sold out at the moment.');
    expect(text).not.toContain('action="/cart/lines"');
  });
});
