import { describe, expect, test, vi } from 'vitest';

import type { Line } from '../src/medusa/carts.ts';
import type { Product, Variant } from '../src/medusa/products.ts';
import { ConfigError, parseConfig } from '../src/config.ts';
import { createCookieJar, parseCookies } from '../src/http/cookies.ts';
import { matchRoute } from '../src/http/router.ts';
import { parseProduct } from '../src/medusa/products.ts';
import { attributes, html } from '../src/pages/html.ts';
import { paragraphs, variantLabel } from '../src/pages/parts.ts';
import { parseCheckout, readFields } from '../src/shop/checkout-form.ts';
import { defaultCountry } from '../src/shop/country.ts';
import { createFormatMoney } from '../src/shop/money.ts';
import { createPictureOf } from '../src/shop/picture.ts';
import { formatQuote, parseQuote, quotedTotal } from '../src/shop/quote.ts';
import { createShortCache } from '../src/shop/short-cache.ts';
import { findShortages, leadPrice, orderableMax, parseQuantity } from '../src/shop/stock.ts';

describe('html', () => {
  test('escapes text and attribute values of every kind', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    expect(html`<p title="${evil}">${evil}</p>`.toString()).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
    );
  });

  test('keeps markup of other templates, prints lists, and nothing for what is absent', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(html`<b>${items}${null}${undefined}${false}${0}</b>`.toString()).toBe('<b><i>a</i><i>&lt;b&gt;</i>0</b>');
  });

  test('writes attributes with escaped values', () => {
    expect(attributes({ value: '"><script>', checked: true, disabled: false, id: null, max: 3 }).toString()).toBe(
      'value="&quot;&gt;&lt;script&gt;" checked max="3"',
    );
  });

  test('parts paragraphs at blank lines', () => {
    expect(paragraphs('one\ntwo\n\n<three>\n\n').toString()).toBe('<p>one\ntwo</p><p>&lt;three&gt;</p>');
  });

  test.each([
    ['Default variant', null],
    ['Default', null],
    [null, null],
    ['Large', 'Large'],
  ])('names the variant "%s" %s', (title, label) => {
    expect(variantLabel(title)).toBe(label);
  });
});

describe('money', () => {
  test.each([
    ['en-US', 1234.5, 'usd', '$1,234.50'],
    ['de-DE', 1234.5, 'eur', '1.234,50\u00a0€'],
    ['ja-JP', 1234, 'jpy', '\uffe51,234'],
    ['en-GB', 0, 'gbp', '£0.00'],
  ])('in %s writes %d %s as %s', (locale, amount, currency, text) => {
    expect(createFormatMoney(locale)(amount, currency)).toBe(text);
  });
});

describe('products', () => {
  const raw = {
    id: 'prod_1',
    handle: 'mug',
    title: 'Mug',
    subtitle: '',
    thumbnail: null,
    variants: [
      {
        id: 'v2',
        title: 'B',
        variant_rank: 1,
        manage_inventory: true,
        allow_backorder: false,
        inventory_quantity: 3,
        calculated_price: { calculated_amount: 8, original_amount: 10, currency_code: 'eur' },
      },
      {
        id: 'v1',
        title: 'A',
        variant_rank: 0,
        manage_inventory: true,
        allow_backorder: true,
        inventory_quantity: 0,
        calculated_price: {
          calculated_amount: 10,
          calculated_amount_with_tax: 11.9,
          original_amount: 10,
          original_amount_with_tax: 11.9,
          currency_code: 'eur',
        },
      },
      { id: 'v3', title: 'C', manage_inventory: false },
    ],
  };

  test('are read with rank, price after tax, price before, and stock only where it is counted', () => {
    const { variants } = parseProduct(raw);
    expect(variants.map(({ id, price, stock }) => [id, price?.amount ?? null, price?.before ?? null, stock])).toEqual([
      ['v1', 11.9, null, null],
      ['v3', null, null, null],
      ['v2', 8, 10, 3],
    ]);
  });

  test('lead with the lowest price that can be bought', () => {
    expect(leadPrice(parseProduct(raw))).toMatchObject({ price: { amount: 8 }, isFrom: true });
  });

  test('of an unknown shape count as a backend that is away', () => {
    expect(() => parseProduct({ id: 'x' })).toThrow(expect.objectContaining({ kind: 'away' }));
  });
});

describe('stock', () => {
  const variant = (more: Partial<Variant> = {}): Variant => ({
    id: 'v1',
    title: 'A',
    price: { amount: 1, before: null, currency: 'eur' },
    stock: 4,
    ...more,
  });
  const line = (quantity: number, variantId: string | null = 'v1'): Line => ({
    id: 'l1',
    productId: 'p1',
    variantId,
    handle: null,
    title: 'A',
    variantTitle: null,
    thumbnail: null,
    quantity,
    unitPrice: 1,
    total: quantity,
  });
  const product = (...variants: Variant[]): Product => ({
    id: 'p1',
    handle: 'a',
    title: 'A',
    subtitle: null,
    description: null,
    thumbnail: null,
    images: [],
    optionTitle: null,
    variants,
  });

  test.each([
    ['counted', variant(), 4],
    ['not counted', variant({ stock: null }), 99],
    ['plenty', variant({ stock: 5000 }), 99],
    ['sold out', variant({ stock: 0 }), 0],
    ['without a price', variant({ price: null }), 0],
  ])('a variant %s can be ordered up to its limit', (_name, one, most) => {
    expect(orderableMax(one)).toBe(most);
  });

  test.each([
    ['enough', line(4), []],
    ['too few', line(5), [['l1', 4]]],
    ['a variant that left the shop', line(1, 'v9'), [['l1', 0]]],
    ['a line without a variant', line(1, null), [['l1', 0]]],
  ])('%s', (_name, one, shortages) => {
    expect([...findShortages([one], [product(variant())])]).toEqual(shortages);
  });

  test.each([
    ['1', 1],
    [' 99 ', 99],
    ['100', null],
    ['0', null],
    ['1e1', null],
    ['1.5', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('the quantity "%s" is %s', (text, quantity) => {
    expect(parseQuantity(text, 1)).toBe(quantity);
  });
});

describe('checkout fields', () => {
  const complete = {
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: 'Lovelace',
    address_1: 'Hafenstraße 1',
    postal_code: '20457',
    city: 'Hamburg',
    country_code: 'DE',
    shipping_option: 'so_1',
  };
  const parse = (changes: Readonly<Record<string, string>> = {}) =>
    parseCheckout(readFields(new URLSearchParams({ ...complete, ...changes })), [{ code: 'de', name: 'Germany' }]);

  test('are taken when complete, with the country in lower case', () => {
    expect(parse()).toMatchObject({ kind: 'complete', details: { address: { country_code: 'de', phone: '' } } });
  });

  test('lose control characters and needless spaces', () => {
    expect(readFields(new URLSearchParams({ city: ' Bad\u0000\r\n  Tölz\u202e ' })).city).toBe('Bad Tölz');
  });

  test.each([
    ['email', '', 'Enter your email address'],
    ['email', 'ada', 'Enter an email address like name@example.com'],
    ['email', 'ada@localhost', 'Enter an email address like name@example.com'],
    ['email', '.ada@example.com', 'Enter an email address like name@example.com'],
    ['last_name', '   ', 'Enter your last name'],
    ['postal_code', '1'.repeat(17), 'The postal code has at most 16 characters. This one has 17'],
    ['country_code', 'fr', 'Choose a country from the list'],
    ['phone', 'call me', 'Enter a phone number like +49 170 1234567, or leave it empty'],
    ['shipping_option', '', 'Choose a delivery'],
  ])('%s "%s": %s', (name, value, sentence) => {
    expect(parse({ [name]: value })).toEqual({ kind: 'faulty', errors: { [name]: sentence } });
  });

  test.each(["o'hara+x@example.co.uk", 'a_b-c.d@sub.example.com'])('take the email %s', (email) => {
    expect(parse({ email }).kind).toBe('complete');
  });
});

describe('a quote', () => {
  test('comes back from the form as it went', () => {
    const text = formatQuote({ goods: 25.5, deliveries: new Map([['so_1', 4.9]]) });
    const quote = parseQuote(text);
    expect(quote === null ? null : quotedTotal(quote, 'so_1')).toBeCloseTo(30.4);
    expect(quote === null ? 0 : quotedTotal(quote, 'so_2')).toBeNull();
  });

  test.each([null, '', 'x', '1|so_1', '1|so_1:', '1|:2', 'Infinity', '1|so_1:NaN'])('"%s" is none', (text) => {
    expect(parseQuote(text)).toBeNull();
  });
});

describe('pictures', () => {
  const pictureOf = createPictureOf({
    storeOrigin: 'https://shop.example',
    medusaUrl: 'http://store-server:9000',
    hasFile: (path) => path === '/media/mug.svg',
  });

  test.each([
    ['the file that came with the image', 'mug', [null], '/media/mug.svg'],
    ['a path of this shop', 'x', ['/media/mug.svg'], '/media/mug.svg'],
    ['an upload, under the public address', 'x', ['https://shop.example/static/1.png'], '/static/1.png'],
    ['an upload, under the inner address', 'x', ['http://store-server:9000/static/1.png'], '/static/1.png'],
    ['nothing from other sites', 'x', ['https://evil.example/1.png', '//evil.example/2.png'], null],
    ['nothing that runs', 'x', ['javascript:alert(1)', 'data:image/png;base64,AA'], null],
    ['no file that is missing', 'x', ['/media/none.svg'], null],
  ])('show %s', (_name, handle, addresses, path) => {
    expect(pictureOf(handle, addresses)).toBe(path);
  });
});

describe('the short cache', () => {
  test('shares a call, keeps its answer for the time set, and forgets failures', async () => {
    let now = 0;
    const cache = createShortCache<number>({ ttlMs: 100, entriesMax: 2, now: () => now });
    const load = vi
      .fn<() => Promise<number>>()
      .mockResolvedValueOnce(1)
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValue(2);
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
    now = 99;
    expect(await cache.get('a', load)).toBe(1);
    now = 101;
    await expect(cache.get('a', load)).rejects.toThrow('away');
    expect(await cache.get('a', load)).toBe(2);
    expect(load).toHaveBeenCalledTimes(3);
  });

  test('never holds more than its limit', async () => {
    const cache = createShortCache<string>({ ttlMs: 100, entriesMax: 2, now: () => 0 });
    const load = vi.fn<() => Promise<string>>().mockResolvedValue('x');
    for (const key of ['a', 'b', 'c', 'a']) await cache.get(key, load);
    expect(load).toHaveBeenCalledTimes(4);
  });
});

describe('configuration', () => {
  const env = {
    MEDUSA_URL: 'http://store-server:9000/',
    STORE_URL: 'https://K7m2q0l1.shop.example',
    SHOP_NAME: 'Harbour',
    SHOP_CURRENCY: 'EUR',
    SHOP_LOCALE: 'de_DE',
    STORE_ID: 'k7m2q0l1',
    HOST: 'k7m2q0l1.shop.example, www.harbour.example',
  };

  test('is read once, with hosts in lower case', () => {
    expect(parseConfig(env, () => 'pk_1\n')).toMatchObject({
      port: 8080,
      medusaUrl: 'http://store-server:9000',
      publishableKey: 'pk_1',
      locale: 'de-DE',
      currency: 'eur',
      isSecure: true,
      hosts: new Set(['k7m2q0l1.shop.example', 'www.harbour.example']),
    });
  });

  test('names every fault at once', () => {
    const parse = () => parseConfig({ PORT: 'x', MEDUSA_URL: 'ftp://x', SHOP_LOCALE: 'x' }, () => '');
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(/PORT.*MEDUSA_URL.*STORE_URL.*SHOP_NAME.*STORE_ID.*SHOP_LOCALE.*PUBLISHABLE_KEY_FILE/s);
  });
});

describe('small parts', () => {
  test('cookies: the first of a name wins, nonsense is kept as it is', () => {
    expect(parseCookies('a=1; b=%E0%A4; a=2; =x; c')).toEqual(
      new Map([
        ['a', '1'],
        ['b', '%E0%A4'],
      ]),
    );
    expect(createCookieJar(false).drop('a')).toBe('a=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax');
  });

  test('routes: named parts are decoded, and never empty', () => {
    const routes = [
      { method: 'GET', pattern: '/products/:handle', handle: () => Promise.reject(new Error('unused')) },
    ] as const;
    const match = matchRoute(routes, 'GET', '/products/caf%C3%A9');
    expect(match.kind === 'found' ? match.params.get('handle') : null).toBe('café');
    expect(matchRoute(routes, 'GET', '/products/').kind).toBe('missing');
    expect(matchRoute(routes, 'GET', '/products/%E0%A4').kind).toBe('missing');
    expect(matchRoute(routes, 'POST', '/products/x')).toEqual({ kind: 'wrong-method', allow: ['GET', 'HEAD'] });
  });

  test.each([
    ['en-AT', 'at'],
    ['en-US', 'de'],
    ['de', 'de'],
  ])('the country for %s is %s', (locale, country) => {
    const region = {
      id: 'r',
      currency: 'eur',
      countries: [
        { code: 'de', name: 'Germany' },
        { code: 'at', name: 'Austria' },
      ],
    };
    expect(defaultCountry(region, locale)).toBe(country);
  });
});
