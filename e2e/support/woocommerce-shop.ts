/** Buys something in a WooCommerce shop by its Store API, and looks at its orders as the shop's owner. */
import { customer } from './customer.ts';
import { request, toJson } from './http.ts';
import type { Shop } from './medusa-shop.ts';
import type { Session } from './wordpress-admin.ts';

interface Product {
  readonly id: number;
  readonly sku: string;
  readonly is_purchasable: boolean;
  readonly has_options: boolean;
}

/** Products as shoppers see them. */
export async function listProducts(shop: Shop): Promise<Product[]> {
  return toJson<Product[]>(await request({ ...shop, path: '/wp-json/wc/store/v1/products?per_page=100' }), 200);
}

/**
 * Cart to cash-on-delivery order.
 * @returns the order's id, which is also its number
 */
export async function placeOrder(shop: Shop, email: string): Promise<{ id: number; status: string }> {
  const product = (await listProducts(shop)).find((one) => one.is_purchasable && !one.has_options);
  if (product === undefined) throw new Error('the shop has no product that can be bought');
  const base = '/wp-json/wc/store/v1';
  const cart = await request({ ...shop, path: `${base}/cart` });
  const token = String(cart.headers['cart-token'] ?? '');
  if (token === '') throw new Error(`the cart has no token: ${cart.status} ${cart.body.slice(0, 300)}`);
  const headers = { 'cart-token': token };
  toJson(
    await request({
      ...shop,
      method: 'POST',
      path: `${base}/cart/add-item`,
      body: { id: product.id, quantity: 2 },
      headers,
    }),
    201,
  );
  const address = { ...customer, country: 'DE', postcode: '20095', state: '' };
  const answer = await request({
    ...shop,
    method: 'POST',
    path: `${base}/checkout`,
    headers,
    body: { payment_method: 'cod', billing_address: { ...address, email }, shipping_address: address },
  });
  const order = toJson<{ order_id: number; status: string }>(answer, 200);
  return { id: order.order_id, status: order.status };
}

/** Ids of the orders that the administration lists. */
export async function listOrders(session: Session): Promise<number[]> {
  const orders = toJson<{ id: number }[]>(await session.call('GET', '/wc/v3/orders?per_page=100'), 200);
  return orders.map(({ id }) => id);
}
