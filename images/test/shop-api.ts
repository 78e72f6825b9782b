/** The calls of Medusa's Store and Admin API that prove a shop: log in, count, order with payment on delivery. */
type Call = { token?: string; body?: unknown };

export class ShopApi {
  readonly #address: string;
  readonly #publishableKey: string;

  constructor(address: string, publishableKey: string) {
    this.#address = address;
    this.#publishableKey = publishableKey;
  }

  /** @throws Error with method, path and status for anything but a success */
  async call<Answer>(method: string, path: string, { token, body }: Call = {}): Promise<Answer> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-publishable-api-key': this.#publishableKey,
    };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const response = await fetch(`${this.#address}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  async isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.#address}/health`, { signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      // Nothing listens yet.
      return false;
    }
  }

  async logIn(admin: { email: string; password: string }): Promise<string> {
    return (await this.call<{ token: string }>('POST', '/auth/user/emailpass', { body: admin })).token;
  }

  async count(path: string, token: string): Promise<number> {
    return (await this.call<{ count: number }>('GET', path, { token })).count;
  }
}

/** Orders two pieces of a product's first variant, as a shopper does. Returns the order's id. */
export async function orderOnDelivery(shop: ShopApi, handle: string): Promise<string> {
  const { regions } = await shop.call<{ regions: { id: string }[] }>('GET', '/store/regions');
  const { products } = await shop.call<{ products: { variants: { id: string }[] }[] }>(
    'GET',
    `/store/products?handle=${handle}&fields=*variants`,
  );
  const { cart } = await shop.call<{ cart: { id: string } }>('POST', '/store/carts', {
    body: { region_id: regions[0]?.id },
  });
  const address = {
    first_name: 'Ada',
    last_name: 'Sailor',
    address_1: 'Quay 1',
    city: 'Hamburg',
    postal_code: '20457',
    country_code: 'de',
    phone: '+49 40 1234',
  };
  await shop.call('POST', `/store/carts/${cart.id}`, {
    body: { email: 'ada@example.com', shipping_address: address, billing_address: address },
  });
  await shop.call('POST', `/store/carts/${cart.id}/line-items`, {
    body: { variant_id: products[0]?.variants[0]?.id, quantity: 2 },
  });
  const { shipping_options: ways } = await shop.call<{ shipping_options: { id: string }[] }>(
    'GET',
    `/store/shipping-options?cart_id=${cart.id}`,
  );
  await shop.call('POST', `/store/carts/${cart.id}/shipping-methods`, { body: { option_id: ways[0]?.id } });
  const { payment_collection: payment } = await shop.call<{ payment_collection: { id: string } }>(
    'POST',
    '/store/payment-collections',
    {
      body: { cart_id: cart.id },
    },
  );
  await shop.call('POST', `/store/payment-collections/${payment.id}/payment-sessions`, {
    body: { provider_id: 'pp_system_default' },
  });
  const done = await shop.call<{ type: string; order: { id: string } }>('POST', `/store/carts/${cart.id}/complete`, {
    body: {},
  });
  if (done.type !== 'order') throw new Error(`the cart became no order but ${done.type}`);
  return done.order.id;
}
