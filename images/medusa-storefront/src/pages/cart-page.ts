/** The cart: lines with quantity and *Remove*, what they cost, the way to the checkout. */
import type { Cart, Line } from '../medusa/carts.ts';
import type { Html } from './html.ts';
import type { NoteTone } from './parts.ts';
import type { View } from './view.ts';
import { countPieces } from '../shop/cart-cookie.ts';
import { quantityMax } from '../shop/stock.ts';
import { html, nothing } from './html.ts';
import { layout } from './layout.ts';
import { note, picture } from './parts.ts';
import { lineSubtitle } from './product-page.ts';

export interface CartFacts {
  /** Null without one; the same to a shopper as an empty one. */
  readonly cart: Cart | null;
  /** Line id to pieces left, for lines the shop cannot serve in full. */
  readonly shortages: ReadonlyMap<string, number>;
  readonly notice: CartNotice | null;
}

export const cartNotices = ['added', 'changed', 'removed', 'stock', 'quantity', 'gone', 'refused'] as const;
export type CartNotice = (typeof cartNotices)[number];

const notices: Readonly<Record<CartNotice, readonly [NoteTone, string]>> = {
  added: ['good', 'Added to your cart.'],
  changed: ['good', 'Quantity changed.'],
  removed: ['good', 'Removed from your cart.'],
  stock: ['warn', 'There is not enough left for this cart. Nothing was ordered. Change the quantity and go on.'],
  quantity: ['warn', 'Choose a whole number from 1 to 99. The quantity is as before.'],
  gone: ['warn', 'That cart is closed, so this one starts empty.'],
  refused: ['warn', 'The shop could not make that change. Your cart is as before.'],
};

export function cartPage(view: View, { cart, shortages, notice }: CartFacts): Html {
  const isEmpty = cart === null || cart.lines.length === 0;
  return layout(view, {
    title: `Cart · ${view.shopName}`,
    pieces: cart === null ? 0 : countPieces(cart),
    current: 'cart',
    body: html`<h1>Your cart</h1>
      ${notice !== null && note(...notices[notice])}
      ${
        isEmpty
          ? emptyCart()
          : html`<div class="split">
              <ul class="lines">
                ${cart.lines.map((line) => cartLine(view, cart, line, shortages.get(line.id)))}
              </ul>
              ${summary(view, cart)}
            </div>`
      }`,
  });
}

function emptyCart(): Html {
  return html`<div class="empty">
    <p>Nothing in it yet.</p>
    <p><a class="button" href="/">See the products</a></p>
  </div>`;
}

function cartLine(view: View, cart: Cart, line: Line, left: number | undefined): Html {
  const most = left === undefined || left === 0 ? quantityMax : left;
  const shortageId = `short-${line.id}`;
  const name =
    line.handle === null
      ? html`${line.title}`
      : html`<a href="/products/${encodeURIComponent(line.handle)}">${line.title}</a>`;
  return html`<li class="line">
    ${picture({ src: view.pictureOf(line.handle, [line.thumbnail]), title: line.title })}
    <div class="line-name">
      <h2>${name}</h2>
      ${lineSubtitle(line.variantTitle)}
      <p class="quiet">${view.money(line.unitPrice, cart.currency)} each</p>
      ${left !== undefined && html`<p class="field-error" id="${shortageId}">${left === 0 ? 'Sold out. Remove it to go on.' : `Only ${left} left. Change the quantity to go on.`}</p>`}
    </div>
    <form class="line-quantity" method="post" action="/cart/lines/${line.id}" data-once>
      <label
        ><span class="hide">Quantity of ${line.title}</span>
        <input
          class="input"
          type="number"
          name="quantity"
          value="${line.quantity}"
          min="1"
          max="${most}"
          step="1"
          inputmode="numeric"
          required${left === undefined ? nothing : html` aria-describedby="${shortageId}"`}
      /></label>
      <button class="button button-plain" type="submit">
        Update<span class="hide"> quantity of ${line.title}</span>
      </button>
    </form>
    <form class="line-remove" method="post" action="/cart/lines/${line.id}/remove" data-once>
      <button class="link-button" type="submit">Remove<span class="hide"> ${line.title}</span></button>
    </form>
    <p class="line-total">${view.money(line.total, cart.currency)}</p>
  </li>`;
}

function summary(view: View, cart: Cart): Html {
  return html`<aside class="summary" aria-labelledby="summary-title">
    <h2 id="summary-title">Summary</h2>
    <dl class="totals">
      <div class="totals-last">
        <dt>Goods</dt>
        <dd>${view.money(cart.total - cart.shipping, cart.currency)}</dd>
      </div>
    </dl>
    <p class="quiet">Delivery is added at the checkout.</p>
    <p><a class="button button-wide" href="/checkout">Go to checkout</a></p>
    <p class="centre"><a href="/">Continue shopping</a></p>
  </aside>`;
}
