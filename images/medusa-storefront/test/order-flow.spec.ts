import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { FakeMedusa } from './support/fake-medusa.ts';
import type { Storefront } from './support/storefront.ts';
import { startFakeMedusa } from './support/fake-medusa.ts';
import { Shopper, hiddenField, startStorefront } from './support/storefront.ts';

let medusa: FakeMedusa;
let storefront: Storefront;
let shopper: Shopper;

beforeEach(async () => {
  medusa = await startFakeMedusa();
  storefront = await startStorefront({ medusaUrl: medusa.url });
  shopper = new Shopper(storefront.origin);
});

afterEach(async () => {
  await storefront.close();
  await medusa.close();
});

const details = {
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  address_1: 'Hafenstraße 1',
  address_2: '',
  postal_code: '20457',
  city: 'Hamburg',
  province: '',
  country_code: 'de',
  phone: '+49 40 123456',
  shipping_option: 'so_standard',
};

async function fillCart(variant = 'variant_2', quantity = '2'): Promise<void> {
  await shopper.post('/cart/lines', { variant_id: variant, quantity, handle: 'linen-tea-towel' });
}

async function checkoutFields(changes: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const { text } = await shopper.get('/checkout');
  return { ...details, quote: hiddenField(text, 'quote'), ...changes };
}

describe('an order', () => {
  test('goes from the shop window to a confirmation with number, lines, totals and address', async () => {
    const front = await shopper.get('/');
    expect(front.status).toBe(200);
    expect(front.text).toContain('<meta name="urumi-store" content="k7m2q0l1">');
    expect(front.text).toContain('data-product="linen-tea-towel"');

    const product = await shopper.get('/products/stoneware-mug');
    expect(product.text).toContain('<legend>Glaze</legend>');
    expect(product.text).toContain('value="variant_1_moss"');

    const cart = await shopper.post('/cart/lines', {
      variant_id: 'variant_1_moss',
      quantity: '2',
      handle: 'stoneware-mug',
    });
    expect(cart.path).toBe('/cart?note=added');
    expect(cart.text).toContain('Added to your cart.');
    expect(cart.text).toContain('€28.00');

    const fields = await checkoutFields();
    const order = await shopper.post('/checkout', fields);
    expect(order.status).toBe(200);
    expect(order.path).toMatch(/^\/order\/order_/);
    expect(order.text).toContain('<strong data-order-number>1</strong>');
    expect(order.text).toContain('<dd data-order-total>€32.90</dd>');
    expect(order.text).toContain('Hafenstraße 1');
    expect(order.text).toContain('Stoneware Mug');
    expect(medusa.orders).toHaveLength(1);
    expect(medusa.orders[0]?.cart.email).toBe('ada@example.com');

    expect((await shopper.get('/cart')).text).toContain('Nothing in it yet.');
  });

  test('is one order when the form is sent twice at once', async () => {
    await fillCart();
    const fields = await checkoutFields();
    medusa.delayMs = 20;
    const [first, second] = await Promise.all([shopper.post('/checkout', fields), shopper.post('/checkout', fields)]);
    expect(first.path).toBe(second.path);
    expect(medusa.orders).toHaveLength(1);
  });

  test('is one order when two replicas get the form at once', async () => {
    const replica = await startStorefront({
      medusaUrl: medusa.url,
      environment: { STORE_URL: storefront.origin, HOST: '127.0.0.1' },
    });
    await fillCart();
    const fields = await checkoutFields();
    medusa.delayMs = 20;
    const [other, { path }] = await Promise.all([
      fetch(`${replica.origin}/checkout`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          origin: replica.origin,
          cookie: [...shopper.cookies].map((pair) => pair.join('=')).join('; '),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(fields).toString(),
      }),
      shopper.post('/checkout', fields),
    ]);
    expect(other.headers.get('location')).toBe(path);
    expect(medusa.orders).toHaveLength(1);
    await replica.close();
  });

  test('whose answer was lost is found again by trying again', async () => {
    await fillCart();
    const fields = await checkoutFields();
    const cookies = new Map(shopper.cookies);
    await shopper.post('/checkout', fields);
    for (const [name, value] of cookies) shopper.cookies.set(name, value);
    const again = await shopper.post('/checkout', fields);
    expect(again.path).toMatch(/^\/order\//);
    expect(medusa.orders).toHaveLength(1);
  });

  test('waits while another request completes the same cart', async () => {
    await fillCart();
    const fields = await checkoutFields();
    medusa.intercept({
      method: 'POST',
      path: /complete$/,
      status: 409,
      body: { code: 'invalid_state_error', type: 'conflict', message: 'The request conflicted with another request.' },
    });
    expect((await shopper.post('/checkout', fields)).path).toMatch(/^\/order\//);
  });

  test('for things that sold out meanwhile is refused with a sentence, and the cart says what is left', async () => {
    await fillCart('variant_4', '2');
    const fields = await checkoutFields();
    const candle = medusa.products.find(({ id }) => id === 'prod_4')?.variants[0];
    if (candle !== undefined) candle.stock = 1;
    const answer = await shopper.post('/checkout', fields);
    expect(answer.path).toBe('/cart?note=stock');
    expect(answer.text).toContain('There is not enough left for this cart. Nothing was ordered.');
    expect(medusa.orders).toHaveLength(0);
  });

  test('that Medusa answers with the cart and an error is explained, details kept', async () => {
    await fillCart();
    const fields = await checkoutFields();
    medusa.intercept({
      method: 'POST',
      path: /complete$/,
      status: 200,
      body: {
        type: 'cart',
        cart: {},
        error: { message: 'Payment authorization failed', name: 'Error', type: 'payment_authorization_error' },
      },
    });
    const answer = await shopper.post('/checkout', fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(
      'The shop did not take this order (payment_authorization_error). Nothing was ordered.',
    );
    expect(answer.text).toContain('value="Hafenstraße 1"');
  });

  test('is not placed at another price than the shopper saw', async () => {
    await fillCart();
    const fields = await checkoutFields();
    const [standard] = medusa.shipping;
    if (standard !== undefined) standard.amount = 7.5;
    const answer = await shopper.post('/checkout', fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Nothing was ordered yet');
    expect(answer.text).toContain('€32.50');
    expect(medusa.orders).toHaveLength(0);

    const second = await shopper.post('/checkout', { ...fields, quote: hiddenField(answer.text, 'quote') });
    expect(second.path).toMatch(/^\/order\//);
  });

  test('to a country without the chosen delivery asks for another one', async () => {
    await fillCart();
    const answer = await shopper.post(
      '/checkout',
      await checkoutFields({ country_code: 'at', shipping_option: 'so_express' }),
    );
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Choose a delivery that goes to this address');
    expect(answer.text).not.toContain('so_express');
    expect(medusa.orders).toHaveLength(0);
  });

  test('with faulty fields shows each fault, keeps the input and changes nothing', async () => {
    await fillCart();
    const fields = await checkoutFields({ email: 'ada', city: ' ', first_name: '<script>' });
    const before = medusa.calls.length;
    const answer = await shopper.post('/checkout', fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('2 fields need another look');
    expect(answer.text).toContain('<a href="#email">Enter an email address like name@example.com</a>');
    expect(answer.text).toContain('<a href="#city">Enter your town or city</a>');
    expect(answer.text).toContain('value="&lt;script&gt;"');
    expect(medusa.calls.slice(before).some((call) => call.startsWith('POST'))).toBe(false);
  });

  test('is shown only to the browser that placed it', async () => {
    await fillCart();
    const { path } = await shopper.post('/checkout', await checkoutFields());
    const stranger = await new Shopper(storefront.origin).get(path);
    expect(stranger.status).toBe(404);
    expect(stranger.text).not.toContain('Hafenstraße');
  });
});

describe('the cart', () => {
  test('changes quantities and removes lines', async () => {
    await fillCart();
    const { text } = await shopper.get('/cart');
    const line = /action="\/cart\/lines\/([^"/]+)"/.exec(text)?.[1] ?? '';
    expect((await shopper.post(`/cart/lines/${line}`, { quantity: '3' })).text).toContain('€37.50');
    const removed = await shopper.post(`/cart/lines/${line}/remove`, {});
    expect(removed.text).toContain('Nothing in it yet.');
    expect(removed.text).toContain('Removed from your cart.');
  });

  test.each(['0.5', '-1', 'many', '1000', ''])('takes no quantity "%s"', async (quantity) => {
    const answer = await shopper.post('/cart/lines', { variant_id: 'variant_2', quantity, handle: 'linen-tea-towel' });
    expect(answer.path).toBe('/products/linen-tea-towel?problem=quantity');
  });

  test('takes no more than the shop has', async () => {
    const answer = await shopper.post('/cart/lines', {
      variant_id: 'variant_4',
      quantity: '3',
      handle: 'beeswax-candle',
    });
    expect(answer.path).toBe('/products/beeswax-candle?problem=stock');
    expect(answer.text).toContain('There are fewer of these left than you asked for.');
  });

  test('starts anew when the remembered one is gone', async () => {
    shopper.cookies.set('shop_cart', 'cart_gone.3');
    const cart = await shopper.post('/cart/lines', { variant_id: 'variant_2', quantity: '1', handle: 'x' });
    expect(cart.path).toBe('/cart?note=added');
  });

  test('starts anew when the remembered one became an order', async () => {
    await fillCart();
    const fields = await checkoutFields();
    const cookies = new Map(shopper.cookies);
    await shopper.post('/checkout', fields);
    for (const [name, value] of cookies) shopper.cookies.set(name, value);
    const cart = await shopper.post('/cart/lines', { variant_id: 'variant_4', quantity: '1', handle: 'x' });
    expect(cart.path).toBe('/cart?note=added');
    expect(cart.text).not.toContain('Linen Tea Towel</a>');
  });

  test('ignores a cookie that is not one of its own', async () => {
    shopper.cookies.set('shop_cart', encodeURIComponent('../admin/users.1'));
    expect((await shopper.get('/cart')).status).toBe(200);
    expect(medusa.calls.some((call) => call.includes('admin'))).toBe(false);
  });

  test('sends an empty cart from the checkout back to the cart', async () => {
    expect((await shopper.get('/checkout')).path).toBe('/cart');
  });
});

describe('a backend that does not answer', () => {
  test('makes a friendly 503 with Retry-After, first as a shop about to open', async () => {
    medusa.isSetUp = false;
    const front = await shopper.get('/');
    expect(front.status).toBe(503);
    expect(front.headers.get('retry-after')).toBe('5');
    expect(front.text).toContain('The shop is about to open');
    expect(front.text).not.toContain('urumi-store');
    expect((await shopper.get('/readyz')).status).toBe(503);
    expect((await shopper.get('/healthz')).status).toBe(200);
  });

  test('is no open shop as long as it has no products', async () => {
    medusa.products.length = 0;
    expect((await shopper.get('/')).status).toBe(503);
    expect((await shopper.get('/readyz')).status).toBe(503);
  });

  test('keeps what was typed, so that trying again needs one click', async () => {
    await fillCart();
    await shopper.get('/');
    const fields = await checkoutFields();
    medusa.intercept({ method: 'POST', path: /complete$/, status: 500, body: { type: 'unknown_error' } });
    const answer = await shopper.post('/checkout', fields);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('this cannot make a second order');
    expect(answer.text).toContain('name="email" value="ada@example.com"');
    expect((await shopper.post('/checkout', fields)).path).toMatch(/^\/order\//);
    expect(medusa.orders).toHaveLength(1);
  });

  test('that is gone altogether gives 503 on every page that needs it', async () => {
    await fillCart();
    await medusa.close();
    for (const path of ['/cart', '/checkout', '/products/wool-throw']) {
      const answer = await shopper.get(path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.text).toContain('Try again');
    }
  });
});
