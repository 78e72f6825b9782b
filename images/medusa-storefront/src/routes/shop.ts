/** What routes work with: wired once in `app.ts`, replaced by nothing. */
import type { Backend } from '../medusa/client.ts';
import type { View } from '../pages/view.ts';
import type { Memory } from '../shop/cart-cookie.ts';
import type { Catalogue } from '../shop/catalogue.ts';
import type { Placement } from '../shop/place-order.ts';
import type { SingleFlight } from '../shop/single-flight.ts';

export interface Shop {
  readonly backend: Backend;
  readonly catalogue: Catalogue;
  readonly memory: Memory;
  readonly view: View;
  /** One checkout per cart at a time. */
  readonly checkouts: SingleFlight<Placement>;
}

export function piecesOf(shop: Shop, cookies: ReadonlyMap<string, string>): number {
  return shop.memory.cart(cookies)?.pieces ?? 0;
}

/** The value of a query parameter if it is one of a closed list: no free text of an address ever reaches a page. */
export function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}
