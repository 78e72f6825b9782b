/** Buys something in a Medusa shop by its Store API, and looks at its orders as the shop's owner. */
import { customer } from './customer.ts';
import { request, toJson, type Answer } from './http.ts';

export interface Shop {
  readonly port: number;
  readonly host: string;
}

interface Named {
  readonly id: string;
}

/**
 * Cart to cash-on-delivery order.
 * @returns the order's id and the number shown to the customer
 */
export async function placeOrder(
  shop: Shop,
  publishableKey: string,
  email: string,
): Promise<{ id: string; displayId: number }> {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    toJson<T>(
      await request({
        ...shop,
        method,
        path: `/store${path}`,
        body,
        headers: { 'x-publishable-api-key': publishableKey },
      }),
      200,
    );

  const { regions } = await call<{ regions: (Named & { countries: { iso_2: string }[] })[] }>('GET', '/regions');
  const region = first(regions, 'region');
  const country = first(region.countries, 'country').iso_2;
  const { products } = await call<{ products: { variants: Named[] }[] }>('GET', '/products?limit=5&fields=*variants');
  const variant = first(first(products, 'product').variants, 'variant');
  const { cart } = await call<{ cart: Named }>('POST', '/carts', { region_id: region.id });
  const address = { ...customer, postal_code: '20095', country_code: country };
  await call('POST', `/carts/${cart.id}`, { email, shipping_address: address, billing_address: address });
  await call('POST', `/carts/${cart.id}/line-items`, { variant_id: variant.id, quantity: 2 });
  const { shipping_options } = await call<{ shipping_options: Named[] }>('GET', `/shipping-options?cart_id=${cart.id}`);
  await call('POST', `/carts/${cart.id}/shipping-methods`, {
    option_id: first(shipping_options, 'shipping option').id,
  });
  const { payment_collection } = await call<{ payment_collection: Named }>('POST', '/payment-collections', {
    cart_id: cart.id,
  });
  await call('POST', `/payment-collections/${payment_collection.id}/payment-sessions`, {
    provider_id: 'pp_system_default',
  });
  const done = await call<{ type: string; order: Named & { display_id: number } }>(
    'POST',
    `/carts/${cart.id}/complete`,
    {},
  );
  if (done.type !== 'order') throw new Error(`the cart did not become an order: ${JSON.stringify(done).slice(0, 500)}`);
  return { id: done.order.id, displayId: done.order.display_id };
}

/** What must be there once whatever happened to set-up: administrators, products, keys, delivery options. */
export async function countMedusaShop(
  shop: Shop,
  publishableKey: string,
  owner: { email: string; password: string },
): Promise<Record<string, number>> {
  const { token } = toJson<{ token: string }>(await logIn(shop, owner), 200);
  const count = async (path: string): Promise<number> => {
    const answer = await request({
      ...shop,
      path: `/admin${path}?limit=100`,
      headers: { authorization: `Bearer ${token}` },
    });
    return toJson<{ count: number }>(answer, 200).count;
  };
  const listed = await request({
    ...shop,
    path: '/store/products?limit=100',
    headers: { 'x-publishable-api-key': publishableKey },
  });
  return {
    users: await count('/users'),
    products: await count('/products'),
    shown: toJson<{ count: number }>(listed, 200).count,
    regions: await count('/regions'),
    shippingOptions: await count('/shipping-options'),
  };
}

async function logIn(shop: Shop, owner: { email: string; password: string }): Promise<Answer> {
  return request({ ...shop, method: 'POST', path: '/auth/user/emailpass', body: owner });
}

/** Orders as the admin API lists them. */
export async function listOrders(
  shop: Shop,
  owner: { email: string; password: string },
): Promise<{ id: string; email: string }[]> {
  const { token } = toJson<{ token: string }>(await logIn(shop, owner), 200);
  const answer = await request({
    ...shop,
    path: '/admin/orders?fields=id,email',
    headers: { authorization: `Bearer ${token}` },
  });
  return toJson<{ orders: { id: string; email: string }[] }>(answer, 200).orders;
}

function first<T>(list: readonly T[], what: string): T {
  const [item] = list;
  if (item === undefined) throw new Error(`the shop has no ${what}`);
  return item;
}
