/**
 * Turns a cart and checked details into an order, in the steps of Medusa's checkout. Every step may repeat: a form that
 * is sent twice, or again after a time-out, ends in the same one order.
 */
import type { Cart, ShippingOption } from '../medusa/carts.ts';
import type { Backend } from '../medusa/client.ts';
import type { CheckoutDetails } from './checkout-form.ts';
import type { Quote } from './quote.ts';
import {
  chooseShipping,
  completeCart,
  readCart,
  readShippingOptions,
  saveAddress,
  startCashPayment,
} from '../medusa/carts.ts';
import { BackendError } from '../medusa/client.ts';
import { isSameAmount } from './money.ts';
import { quotedTotal } from './quote.ts';

export type Placement =
  | { readonly kind: 'placed'; readonly orderId: string }
  | { readonly kind: 'empty' }
  /** The delivery is not offered to this address. */
  | { readonly kind: 'no-delivery'; readonly cart: Cart; readonly options: readonly ShippingOption[] }
  /** The cart costs something else than the shopper saw; nothing was ordered. */
  | { readonly kind: 'repriced'; readonly cart: Cart; readonly options: readonly ShippingOption[] }
  /** Somebody else bought the last piece; nothing was ordered. */
  | { readonly kind: 'short' }
  /** The backend will not take this order; nothing was ordered. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

export interface PlaceOrder {
  readonly backend: Backend;
  readonly cartId: string;
  readonly details: CheckoutDetails;
  /** What the shopper saw; null makes sure that they see it again. */
  readonly quote: Quote | null;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** @throws BackendError `away`, `missing` (the cart is gone) */
export async function placeOrder(request: PlaceOrder): Promise<Placement> {
  const { backend, cartId, details, quote } = request;
  const before = await readCart(backend, cartId);
  // An order may exist already: the answer to the first try was lost. Changing the cart would then be refused.
  if (before.isCompleted) return complete(request);
  if (before.lines.length === 0) return { kind: 'empty' };

  try {
    const addressed = await saveAddress(backend, cartId, details.email, details.address);
    const options = await readShippingOptions(backend, cartId);
    if (!options.some(({ id }) => id === details.shippingOptionId)) {
      return { kind: 'no-delivery', cart: addressed, options };
    }
    const cart = await chooseShipping(backend, cartId, details.shippingOptionId);
    const seen = quote === null ? null : quotedTotal(quote, details.shippingOptionId);
    if (seen === null || !isSameAmount(seen, cart.total)) return { kind: 'repriced', cart, options };
    await startCashPayment(backend, cartId);
  } catch (error) {
    // Another replica placed the order between our reading the cart and changing it.
    if (isAlreadyCompleted(error)) return complete(request);
    return toPlacement(error);
  }
  return complete(request);
}

/** How often and how long to wait for another request that completes the same cart: 5 s in all. */
const busyTries = 10;
const busyWaitMs = 500;

async function complete({ backend, cartId, sleep = sleepMs }: PlaceOrder): Promise<Placement> {
  for (let tries = 1; ; tries += 1) {
    try {
      const completion = await completeCart(backend, cartId);
      if (completion.kind === 'order') return { kind: 'placed', orderId: completion.orderId };
      return refusal(completion.code, completion.message);
    } catch (error) {
      if (!(error instanceof BackendError) || error.kind !== 'busy' || tries >= busyTries) return toPlacement(error);
      await sleep(busyWaitMs);
    }
  }
}

function isAlreadyCompleted(error: unknown): boolean {
  return error instanceof BackendError && error.kind === 'refused' && /already completed/i.test(error.message);
}

function toPlacement(error: unknown): Placement {
  if (error instanceof BackendError && error.kind === 'refused') return refusal(error.code, error.message);
  throw error;
}

/** Medusa's own words are for shopkeepers; the page shows a sentence of ours for every code it knows. */
function refusal(code: string, reason: string): Placement {
  const isShort = code === 'insufficient_inventory' || /required inventory/i.test(reason);
  return isShort ? { kind: 'short' } : { kind: 'refused', code, reason };
}

function sleepMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
