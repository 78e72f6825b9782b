/**
 * What the shopper saw before pressing *Place order*: the price of the goods and of each delivery. It travels in the
 * form, and the order is placed only if the cart still costs that much. It is never used as a price.
 */
import type { Cart, ShippingOption } from '../medusa/carts.ts';

export interface Quote {
  /** Goods, tax included, reductions taken off. */
  readonly goods: number;
  /** Option id to price; an option whose price was not known is absent. */
  readonly deliveries: ReadonlyMap<string, number>;
}

/** The delivery that is already in the cart is quoted as the cart has it: taxes may have come on top of its list price. */
export function quoteOf(cart: Cart, options: readonly ShippingOption[]): Quote {
  const deliveries = new Map<string, number>();
  for (const option of options) {
    const price = option.id === cart.shippingOptionId ? cart.shipping : option.amount;
    if (price !== null) deliveries.set(option.id, price);
  }
  return { goods: cart.total - cart.shipping, deliveries };
}

/** Null if the delivery had no price in this quote. */
export function quotedTotal(quote: Quote, optionId: string): number | null {
  const delivery = quote.deliveries.get(optionId);
  return delivery === undefined ? null : quote.goods + delivery;
}

export function formatQuote({ goods, deliveries }: Quote): string {
  return [goods, ...[...deliveries].map(([id, price]) => `${id}:${price}`)].join('|');
}

/** Null for anything this shop did not write: the shopper is then shown the price again. */
export function parseQuote(text: string | null): Quote | null {
  const [goods = '', ...parts] = (text ?? '').split('|');
  if (!isAmount(goods)) return null;
  const deliveries = new Map<string, number>();
  for (const part of parts) {
    const [id = '', price = ''] = part.split(':');
    if (id === '' || !isAmount(price)) return null;
    deliveries.set(id, Number(price));
  }
  return { goods: Number(goods), deliveries };
}

function isAmount(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
