/**
 * A small Medusa store API for tests: the routes, shapes and refusals of 2.21.2 that the storefront meets, over real
 * HTTP. Shapes follow that version's `api/store` query configurations, errors its error handler. Lives only in tests.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';

interface FakeVariant {
  id: string;
  title: string;
  amount: number;
  original?: number;
  /** Null: not counted. */
  stock: number | null;
}

interface FakeProduct {
  id: string;
  title: string;
  handle: string;
  subtitle: string | null;
  description: string | null;
  thumbnail: string | null;
  categories: string[];
  variants: FakeVariant[];
}

interface FakeLine {
  id: string;
  variantId: string;
  quantity: number;
}

interface FakeCart {
  id: string;
  email: string | null;
  address: Record<string, unknown> | null;
  lines: FakeLine[];
  shippingOptionId: string | null;
  hasPayment: boolean;
  orderId: string | null;
}

interface FakeOrder {
  id: string;
  number: number;
  cart: FakeCart;
}

/** An answer that replaces the usual one for the next request that matches. */
interface Interception {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly body: unknown;
}

export interface FakeMedusa {
  readonly url: string;
  readonly products: FakeProduct[];
  readonly orders: FakeOrder[];
  /** `METHOD /path` of every request, oldest first. */
  readonly calls: string[];
  /** Set to false to answer as a server that is not set up yet. */
  isSetUp: boolean;
  /** Shipping options by country; the price can be changed between two requests. */
  readonly shipping: { id: string; name: string; description: string; amount: number; countries: string[] }[];
  delayMs: number;
  /** Added to goods in tax, as a fraction; included in totals. */
  taxRate: number;
  intercept(interception: Interception): void;
  close(): Promise<void>;
}

export const publishableKey = 'pk_0123456789abcdef';

export async function startFakeMedusa(): Promise<FakeMedusa> {
  const fake = new Fake();
  await fake.listen();
  return fake;
}

class Fake implements FakeMedusa {
  readonly products = catalogue();
  readonly orders: FakeOrder[] = [];
  readonly calls: string[] = [];
  readonly shipping = [
    { id: 'so_standard', name: 'Standard', description: '2 to 4 working days', amount: 4.9, countries: ['de', 'at'] },
    { id: 'so_express', name: 'Express', description: 'Next working day', amount: 12, countries: ['de'] },
  ];
  isSetUp = true;
  delayMs = 0;
  taxRate = 0;
  readonly #server: Server;
  readonly #carts = new Map<string, FakeCart>();
  readonly #interceptions: Interception[] = [];
  #ids = 0;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        send(response, 500, { type: 'unknown_error', message: String(error) });
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  intercept(interception: Interception): void {
    this.#interceptions.push(interception);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    this.calls.push(`${method} ${url.pathname}`);
    const body = await readBody(request);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));

    const at = this.#interceptions.findIndex((one) => one.method === method && one.path.test(url.pathname));
    const [interception] = at < 0 ? [] : this.#interceptions.splice(at, 1);
    if (interception !== undefined) return send(response, interception.status, interception.body);

    if (!this.isSetUp || request.headers['x-publishable-api-key'] !== publishableKey) {
      const message = 'A valid publishable key is required to proceed with the request';
      return send(response, 400, { type: 'not_allowed', message });
    }
    const [status, answer] = this.#answer(method, url, body);
    send(response, status, answer);
  }

  #answer(method: string, url: URL, body: Record<string, unknown>): [number, unknown] {
    const [, , area = '', id = '', part = '', partId = ''] = url.pathname.split('/');
    switch (
      `${method} ${area}${id === '' ? '' : '/:id'}${part === '' ? '' : `/${part}`}${partId === '' ? '' : '/:part'}`
    ) {
      case 'GET regions':
        return [200, { regions: [region], count: 1, offset: 0, limit: 50 }];
      case 'GET product-categories':
        return [200, { product_categories: categories, count: categories.length, offset: 0, limit: 100 }];
      case 'GET products':
        return this.#listProducts(url.searchParams);
      case 'POST carts':
        return this.#createCart(body);
      case 'GET carts/:id':
        return this.#withCart(id, (cart) => [200, { cart: this.#cartJson(cart) }]);
      case 'POST carts/:id':
        return this.#withOpenCart(id, (cart) => {
          cart.email = typeof body['email'] === 'string' ? body['email'] : cart.email;
          cart.address = asRecord(body['shipping_address']) ?? cart.address;
          return [200, { cart: this.#cartJson(cart) }];
        });
      case 'POST carts/:id/line-items':
        return this.#withOpenCart(id, (cart) => this.#addLine(cart, body));
      case 'POST carts/:id/line-items/:part':
        return this.#withOpenCart(id, (cart) => this.#changeLine(cart, partId, Number(body['quantity'])));
      case 'DELETE carts/:id/line-items/:part':
        return this.#withOpenCart(id, (cart) => {
          cart.lines = cart.lines.filter((line) => line.id !== partId);
          return [200, { id: partId, object: 'line-item', deleted: true, parent: this.#cartJson(cart) }];
        });
      case 'GET shipping-options':
        return this.#withCart(url.searchParams.get('cart_id') ?? '', (cart) => [
          200,
          { shipping_options: this.#optionsFor(cart) },
        ]);
      case 'POST carts/:id/shipping-methods':
        return this.#withOpenCart(id, (cart) => {
          cart.shippingOptionId = String(body['option_id']);
          return [200, { cart: this.#cartJson(cart) }];
        });
      case 'POST payment-collections':
        return [200, { payment_collection: { id: `paycol_${String(body['cart_id'])}`, payment_sessions: [] } }];
      case 'POST payment-collections/:id/payment-sessions':
        return this.#withCart(id.replace('paycol_', ''), (cart) => {
          cart.hasPayment = body['provider_id'] === 'pp_system_default';
          return [200, { payment_collection: { id, payment_sessions: [{ id: 'payses_1', status: 'pending' }] } }];
        });
      case 'POST carts/:id/complete':
        return this.#withCart(id, (cart) => this.#complete(cart));
      case 'GET orders/:id': {
        const order = this.orders.find((one) => one.id === id);
        return order === undefined ? notFound(`Order id not found: ${id}`) : [200, { order: this.#orderJson(order) }];
      }
      default:
        return notFound(`Cannot ${method} ${url.pathname}`);
    }
  }

  #listProducts(query: URLSearchParams): [number, unknown] {
    const [category, handle, ids] = [query.get('category_id[]'), query.get('handle'), query.getAll('id[]')];
    const found = this.products.filter(
      (product) =>
        (category === null || product.categories.includes(category)) &&
        (handle === null || product.handle === handle) &&
        (ids.length === 0 || ids.includes(product.id)),
    );
    const offset = Number(query.get('offset') ?? 0);
    const limit = Number(query.get('limit') ?? 50);
    const products = found.slice(offset, offset + limit).map(productJson);
    return [200, { products, count: found.length, offset, limit }];
  }

  #createCart(body: Record<string, unknown>): [number, unknown] {
    const cart: FakeCart = {
      id: this.#id('cart'),
      email: null,
      address: asRecord(body['shipping_address']),
      lines: [],
      shippingOptionId: null,
      hasPayment: false,
      orderId: null,
    };
    this.#carts.set(cart.id, cart);
    return [200, { cart: this.#cartJson(cart) }];
  }

  #addLine(cart: FakeCart, body: Record<string, unknown>): [number, unknown] {
    const variant = this.#variant(String(body['variant_id']));
    if (variant === undefined) return [400, { type: 'invalid_data', message: 'Variants do not exist' }];
    const known = cart.lines.find((line) => line.variantId === variant.id);
    const quantity = (known?.quantity ?? 0) + Number(body['quantity']);
    if (variant.stock !== null && quantity > variant.stock) return insufficient;
    if (known === undefined) cart.lines.push({ id: this.#id('cali'), variantId: variant.id, quantity });
    else known.quantity = quantity;
    return [200, { cart: this.#cartJson(cart) }];
  }

  #changeLine(cart: FakeCart, lineId: string, quantity: number): [number, unknown] {
    const line = cart.lines.find((one) => one.id === lineId);
    if (line === undefined) return notFound(`Line item with id ${lineId} was not found`);
    const variant = this.#variant(line.variantId);
    if (variant === undefined || (variant.stock !== null && quantity > variant.stock)) return insufficient;
    line.quantity = quantity;
    return [200, { cart: this.#cartJson(cart) }];
  }

  #complete(cart: FakeCart): [number, unknown] {
    const known = this.orders.find((order) => order.id === cart.orderId);
    if (known !== undefined) return [200, { type: 'order', order: this.#orderJson(known) }];
    if (!cart.hasPayment) {
      return [400, { type: 'invalid_data', message: 'Payment collection has not been initiated for cart' }];
    }
    for (const line of cart.lines) {
      const variant = this.#variant(line.variantId);
      if (variant === undefined || (variant.stock !== null && line.quantity > variant.stock)) return insufficient;
    }
    for (const line of cart.lines) {
      const variant = this.#variant(line.variantId);
      if (variant !== undefined && variant.stock !== null) variant.stock -= line.quantity;
    }
    const order: FakeOrder = { id: this.#id('order'), number: this.orders.length + 1, cart };
    cart.orderId = order.id;
    this.orders.push(order);
    return [200, { type: 'order', order: this.#orderJson(order) }];
  }

  #withCart(id: string, use: (cart: FakeCart) => [number, unknown]): [number, unknown] {
    const cart = this.#carts.get(id);
    return cart === undefined ? notFound(`Cart id not found: ${id}`) : use(cart);
  }

  #withOpenCart(id: string, use: (cart: FakeCart) => [number, unknown]): [number, unknown] {
    return this.#withCart(id, (cart) =>
      cart.orderId === null
        ? use(cart)
        : [400, { type: 'invalid_data', message: `Cart ${cart.id} is already completed.` }],
    );
  }

  #optionsFor(cart: FakeCart): unknown[] {
    const country = cart.address?.['country_code'];
    return this.shipping
      .filter(({ countries }) => typeof country !== 'string' || countries.includes(country))
      .map(({ id, name, description, amount }) => ({
        id,
        name,
        amount,
        price_type: 'flat',
        type: { id: `sotype_${id}`, label: name, description, code: name.toLowerCase() },
        calculated_price: { calculated_amount: amount },
        insufficient_inventory: false,
      }));
  }

  #cartJson(cart: FakeCart): Record<string, unknown> {
    const goods = cart.lines.reduce((sum, line) => sum + this.#lineTotal(line), 0);
    const shipping = this.shipping.find(({ id }) => id === cart.shippingOptionId)?.amount ?? 0;
    return {
      id: cart.id,
      currency_code: 'eur',
      email: cart.email,
      region_id: region.id,
      completed_at: cart.orderId === null ? null : '2026-11-20T10:00:00.000Z',
      total: goods + shipping,
      item_total: goods,
      shipping_total: shipping,
      tax_total: goods - goods / (1 + this.taxRate),
      discount_total: 0,
      shipping_address: cart.address,
      shipping_methods:
        cart.shippingOptionId === null
          ? []
          : [
              {
                id: 'casm_1',
                name: this.#optionName(cart),
                amount: shipping,
                shipping_option_id: cart.shippingOptionId,
              },
            ],
      items: cart.lines.map((line) => this.#lineJson(line)),
    };
  }

  #lineTotal(line: FakeLine): number {
    return (this.#variant(line.variantId)?.amount ?? 0) * line.quantity * (1 + this.taxRate);
  }

  #lineJson(line: FakeLine): Record<string, unknown> {
    const product = this.products.find(({ variants }) => variants.some(({ id }) => id === line.variantId));
    const variant = this.#variant(line.variantId);
    return {
      id: line.id,
      title: product?.title ?? 'Gone',
      product_id: product?.id ?? null,
      product_title: product?.title ?? null,
      product_handle: product?.handle ?? null,
      variant_id: line.variantId,
      variant_title: variant?.title ?? null,
      thumbnail: product?.thumbnail ?? null,
      quantity: line.quantity,
      unit_price: variant?.amount ?? 0,
      total: this.#lineTotal(line),
    };
  }

  #orderJson({ id, number, cart }: FakeOrder): Record<string, unknown> {
    return {
      ...this.#cartJson(cart),
      id,
      display_id: number,
      status: 'pending',
      created_at: '2026-11-20T10:00:00.000Z',
    };
  }

  #optionName(cart: FakeCart): string {
    return this.shipping.find(({ id }) => id === cart.shippingOptionId)?.name ?? '';
  }

  #variant(id: string): FakeVariant | undefined {
    return this.products.flatMap(({ variants }) => variants).find((variant) => variant.id === id);
  }

  #id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_01JD${String(this.#ids).padStart(22, '0')}`;
  }
}

const region = {
  id: 'reg_01JD0000000000000000000001',
  name: 'Europe',
  currency_code: 'eur',
  countries: [
    { iso_2: 'de', iso_3: 'deu', name: 'GERMANY', display_name: 'Germany' },
    { iso_2: 'at', iso_3: 'aut', name: 'AUSTRIA', display_name: 'Austria' },
    { iso_2: 'fr', iso_3: 'fra', name: 'FRANCE', display_name: 'France' },
  ],
};

const categories = [
  { id: 'pcat_kitchen', name: 'Kitchen', handle: 'kitchen', rank: 0, parent_category_id: null },
  { id: 'pcat_living', name: 'Living', handle: 'living', rank: 1, parent_category_id: null },
  { id: 'pcat_empty', name: 'Garden', handle: 'garden', rank: 2, parent_category_id: null },
  { id: 'pcat_mugs', name: 'Mugs', handle: 'mugs', rank: 0, parent_category_id: 'pcat_kitchen' },
];

const insufficient: [number, unknown] = [
  400,
  {
    code: 'insufficient_inventory',
    type: 'not_allowed',
    message: 'Some variant does not have the required inventory',
  },
];

function notFound(message: string): [number, unknown] {
  return [404, { type: 'not_found', message }];
}

function catalogue(): FakeProduct[] {
  const plain = (
    number: number,
    title: string,
    category: string,
    amount: number,
    more: Partial<FakeVariant & FakeProduct> = {},
  ): FakeProduct => ({
    id: `prod_${number}`,
    title,
    handle: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    subtitle: more.subtitle ?? null,
    description: more.description ?? `${title}, made to be used every day.\n\nWashes well, ages better.`,
    thumbnail: more.thumbnail ?? null,
    categories: [category],
    variants: more.variants ?? [
      {
        id: `variant_${number}`,
        title: 'Default variant',
        amount,
        stock: more.stock === undefined ? 40 : more.stock,
        ...(more.original === undefined ? {} : { original: more.original }),
      },
    ],
  });
  return [
    plain(1, 'Stoneware Mug', 'pcat_kitchen', 14, {
      subtitle: 'Hand-thrown, 300 ml',
      variants: [
        { id: 'variant_1_sand', title: 'Sand', amount: 14, stock: 12 },
        { id: 'variant_1_moss', title: 'Moss', amount: 14, stock: 3 },
        { id: 'variant_1_ink', title: 'Ink', amount: 16, stock: 0 },
        { id: 'variant_1_large', title: 'Large', amount: 18.5, stock: 9 },
      ],
    }),
    plain(2, 'Linen Tea Towel', 'pcat_kitchen', 12.5),
    plain(3, 'Olive Wood Board', 'pcat_kitchen', 39, { stock: 0 }),
    plain(4, 'Beeswax Candle', 'pcat_living', 9.5, { original: 12, stock: 2 }),
    plain(5, 'Wool Throw', 'pcat_living', 89, { stock: null }),
    plain(6, '<b>Pot & "Lid"</b>', 'pcat_kitchen', 54, { subtitle: 'Cast iron, 24 cm' }),
  ];
}

function productJson(product: FakeProduct): Record<string, unknown> {
  const { variants, categories: _categories, ...fields } = product;
  return {
    ...fields,
    options: [{ id: 'opt_1', title: variants.length > 1 ? 'Glaze' : 'Default option' }],
    images: product.thumbnail === null ? [] : [{ id: 'img_1', url: product.thumbnail }],
    variants: variants.map(({ id, title, amount, original, stock }, rank) => ({
      id,
      title,
      variant_rank: rank,
      manage_inventory: stock !== null,
      allow_backorder: false,
      inventory_quantity: stock,
      calculated_price: {
        calculated_amount: amount,
        original_amount: original ?? amount,
        currency_code: 'eur',
      },
    })),
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (asRecord(JSON.parse(text)) ?? {});
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
