/**
 * What the browser remembers: its cart with the number of pieces in it (so that the header of any page needs no call),
 * and the orders it placed (so that only it is shown their addresses).
 */
import type { CookieJar } from '../http/cookies.ts';
import type { Cart } from '../medusa/carts.ts';

const cartCookie = 'shop_cart';
const ordersCookie = 'shop_orders';
const monthSeconds = 30 * 24 * 3600;
const ordersMax = 5;

interface RememberedCart {
  readonly id: string;
  readonly pieces: number;
}

export interface Memory {
  cart(cookies: ReadonlyMap<string, string>): RememberedCart | null;
  keepCart(cart: Cart): string;
  dropCart(): string;
  orders(cookies: ReadonlyMap<string, string>): readonly string[];
  keepOrder(cookies: ReadonlyMap<string, string>, orderId: string): string;
}

export function createMemory(jar: CookieJar): Memory {
  const orders: Memory['orders'] = (cookies) =>
    (cookies.get(jar.nameOf(ordersCookie)) ?? '').split('.').filter(isMedusaId).slice(0, ordersMax);
  return {
    cart(cookies) {
      const [id = '', pieces = ''] = (cookies.get(jar.nameOf(cartCookie)) ?? '').split('.');
      return isMedusaId(id) && /^\d{1,5}$/.test(pieces) ? { id, pieces: Number(pieces) } : null;
    },
    keepCart: (cart) => jar.keep(cartCookie, `${cart.id}.${countPieces(cart)}`, monthSeconds),
    dropCart: () => jar.drop(cartCookie),
    orders,
    keepOrder: (cookies, orderId) =>
      jar.keep(ordersCookie, [...new Set([orderId, ...orders(cookies)])].slice(0, ordersMax).join('.'), monthSeconds),
  };
}

export function countPieces(cart: Pick<Cart, 'lines'>): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** Ids go into paths of the backend, so nothing but their own alphabet may pass. */
export function isMedusaId(text: string): boolean {
  return /^[A-Za-z0-9_]{1,64}$/.test(text);
}
