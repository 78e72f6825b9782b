/** Carts: what is in them, what they cost, and each change a shopper can make. */
import type { Backend } from './client.ts';
import type { Json } from './read.ts';
import type { Region } from './regions.ts';
import { readList, readNumber, readNumberOrNull, readObject, readText, readTextOrNull } from './read.ts';

export interface Line {
  readonly id: string;
  readonly productId: string | null;
  readonly variantId: string | null;
  readonly handle: string | null;
  readonly title: string;
  readonly variantTitle: string | null;
  readonly thumbnail: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly total: number;
}

export interface Address {
  readonly first_name: string;
  readonly last_name: string;
  readonly address_1: string;
  readonly address_2: string;
  readonly postal_code: string;
  readonly city: string;
  readonly province: string;
  readonly country_code: string;
  readonly phone: string;
}

export interface Totals {
  readonly currency: string;
  readonly total: number;
  readonly shipping: number;
  readonly tax: number;
  readonly discount: number;
}

export interface Cart extends Totals {
  readonly id: string;
  readonly isCompleted: boolean;
  readonly email: string | null;
  readonly address: Partial<Address>;
  readonly lines: readonly Line[];
  readonly shippingOptionId: string | null;
}

export interface ShippingOption {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Null where the price is known only once the option is chosen. */
  readonly amount: number | null;
}

/** Medusa's defaults hold all but these. */
const cartQuery = { fields: '+items.total,+shipping_methods.name' };

/** @throws BackendError `missing` if the cart does not exist */
export async function readCart(backend: Backend, id: string): Promise<Cart> {
  return parseCartAnswer(await backend.get(`/store/carts/${id}`, { query: cartQuery }));
}

/** An empty cart. Its country lets shipping and tax be shown before the shopper has typed an address. */
export async function createCart(backend: Backend, region: Region, countryCode: string | null): Promise<Cart> {
  return parseCartAnswer(
    await backend.post(
      '/store/carts',
      {
        region_id: region.id,
        ...(countryCode === null ? {} : { shipping_address: { country_code: countryCode } }),
      },
      { query: cartQuery },
    ),
  );
}

/** @throws BackendError `refused` with code `insufficient_inventory` if the shop has fewer */
export async function addLine(backend: Backend, cartId: string, variantId: string, quantity: number): Promise<Cart> {
  return parseCartAnswer(
    await backend.post(`/store/carts/${cartId}/line-items`, { variant_id: variantId, quantity }, { query: cartQuery }),
  );
}

/** @throws BackendError `refused` with code `insufficient_inventory` if the shop has fewer */
export async function changeLine(backend: Backend, cartId: string, lineId: string, quantity: number): Promise<Cart> {
  return parseCartAnswer(
    await backend.post(`/store/carts/${cartId}/line-items/${lineId}`, { quantity }, { query: cartQuery }),
  );
}

/** Safe to repeat: a line that is gone already counts as removed. */
export async function removeLine(backend: Backend, cartId: string, lineId: string): Promise<Cart> {
  const answer = readObject(
    await backend.remove(`/store/carts/${cartId}/line-items/${lineId}`, { query: cartQuery }),
    'cart',
  );
  return parseCart(readObject(answer['parent'], 'cart'));
}

/** The same address for parcel and bill: cash on delivery has no other payer. */
export async function saveAddress(backend: Backend, cartId: string, email: string, address: Address): Promise<Cart> {
  return parseCartAnswer(
    await backend.post(
      `/store/carts/${cartId}`,
      { email, shipping_address: address, billing_address: address },
      { query: cartQuery },
    ),
  );
}

export async function readShippingOptions(backend: Backend, cartId: string): Promise<readonly ShippingOption[]> {
  const answer = await backend.get('/store/shipping-options', { query: { cart_id: cartId } });
  return readList(readObject(answer, 'shipping options'), 'shipping_options', (option) => {
    const price = option['calculated_price'];
    const withTax =
      typeof price === 'object' && price !== null ? readNumberOrNull({ ...price }, 'calculated_amount_with_tax') : null;
    const type = option['type'];
    return {
      id: readText(option, 'id'),
      name: readText(option, 'name'),
      description: typeof type === 'object' && type !== null ? readTextOrNull({ ...type }, 'description') : null,
      amount: withTax ?? readNumberOrNull(option, 'amount'),
    };
  });
}

export async function chooseShipping(backend: Backend, cartId: string, optionId: string): Promise<Cart> {
  return parseCartAnswer(
    await backend.post(`/store/carts/${cartId}/shipping-methods`, { option_id: optionId }, { query: cartQuery }),
  );
}

/** Medusa's manual payment provider: nothing is charged, the courier collects the money. */
export async function startCashPayment(backend: Backend, cartId: string): Promise<void> {
  const answer = readObject(await backend.post('/store/payment-collections', { cart_id: cartId }), 'payment');
  const collection = readObject(answer['payment_collection'], 'payment_collection');
  await backend.post(`/store/payment-collections/${readText(collection, 'id')}/payment-sessions`, {
    provider_id: 'pp_system_default',
  });
}

export type Completion =
  | { readonly kind: 'order'; readonly orderId: string }
  /** Medusa kept the cart: the payment was not accepted. */
  | { readonly kind: 'kept'; readonly code: string; readonly message: string };

/** An order takes locks, stock and payment: about 1 s on a calm machine, 10 s on a busy one. */
const completeTimeoutMs = 45_000;

/**
 * Turns the cart into an order. Safe to repeat: Medusa returns the same order for the same cart.
 *
 * @throws BackendError `busy` while another request completes the same cart; `refused` e.g. `insufficient_inventory`
 */
export async function completeCart(backend: Backend, cartId: string): Promise<Completion> {
  const answer = readObject(
    await backend.post(`/store/carts/${cartId}/complete`, {}, { timeoutMs: completeTimeoutMs }),
    'completion',
  );
  if (answer['type'] === 'order') {
    return { kind: 'order', orderId: readText(readObject(answer['order'], 'order'), 'id') };
  }
  const error = readObject(answer['error'], 'completion error');
  return {
    kind: 'kept',
    code: readTextOrNull(error, 'code') ?? readTextOrNull(error, 'type') ?? 'unknown',
    message: readTextOrNull(error, 'message') ?? 'The shop did not say why.',
  };
}

function parseCartAnswer(answer: unknown): Cart {
  return parseCart(readObject(readObject(answer, 'cart')['cart'], 'cart'));
}

function parseCart(cart: Json): Cart {
  const [shippingMethod] = readList(cart, 'shipping_methods', (method) => readTextOrNull(method, 'shipping_option_id'));
  return {
    ...parseTotals(cart),
    id: readText(cart, 'id'),
    isCompleted: readTextOrNull(cart, 'completed_at') !== null,
    email: readTextOrNull(cart, 'email'),
    address: parseAddress(cart['shipping_address']),
    lines: readList(cart, 'items', parseLine),
    shippingOptionId: shippingMethod ?? null,
  };
}

export function parseTotals(from: Json): Totals {
  return {
    currency: readText(from, 'currency_code'),
    total: readNumber(from, 'total'),
    shipping: readNumberOrNull(from, 'shipping_total') ?? 0,
    tax: readNumberOrNull(from, 'tax_total') ?? 0,
    discount: readNumberOrNull(from, 'discount_total') ?? 0,
  };
}

export function parseLine(line: Json): Line {
  const unitPrice = readNumber(line, 'unit_price');
  const quantity = readNumber(line, 'quantity');
  return {
    id: readText(line, 'id'),
    productId: readTextOrNull(line, 'product_id'),
    variantId: readTextOrNull(line, 'variant_id'),
    handle: readTextOrNull(line, 'product_handle'),
    title: readTextOrNull(line, 'product_title') ?? readText(line, 'title'),
    variantTitle: readTextOrNull(line, 'variant_title'),
    thumbnail: readTextOrNull(line, 'thumbnail'),
    quantity,
    unitPrice,
    total: readNumberOrNull(line, 'total') ?? unitPrice * quantity,
  };
}

export function parseAddress(value: unknown): Partial<Address> {
  if (typeof value !== 'object' || value === null) return {};
  const from: Json = { ...value };
  const names = [
    'first_name',
    'last_name',
    'address_1',
    'address_2',
    'postal_code',
    'city',
    'province',
    'country_code',
    'phone',
  ] as const;
  const address: { -readonly [K in keyof Address]?: string } = {};
  for (const name of names) {
    const text = readTextOrNull(from, name);
    if (text !== null) address[name] = text;
  }
  return address;
}
