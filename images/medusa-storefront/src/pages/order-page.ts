/** The confirmation: the number, what comes, where to, what to have ready in cash. */
import type { Address } from '../medusa/carts.ts';
import type { Order } from '../medusa/orders.ts';
import type { Html } from './html.ts';
import type { View } from './view.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { picture } from './parts.ts';
import { lineSubtitle } from './product-page.ts';

export interface OrderFacts {
  readonly order: Order;
  readonly pieces: number;
}

export function orderPage(view: View, { order, pieces }: OrderFacts): Html {
  const total = view.money(order.total, order.currency);
  const goods = order.total - order.shipping;
  return layout(view, {
    title: `Order ${order.number} · ${view.shopName}`,
    pieces,
    body: html`<section class="thanks" role="status">
        <svg viewBox="0 0 24 24" width="44" height="44" aria-hidden="true" focusable="false">
          <circle cx="12" cy="12" r="10" />
          <path d="m7.5 12.5 3 3 6-6.5" />
        </svg>
        <h1>Thank you, your order is placed</h1>
        <p class="lead">Order number <strong data-order-number>${order.number}</strong></p>
        <p>Have <strong>${total}</strong> ready in cash when the parcel arrives.</p>
      </section>
      <div class="split">
        <section aria-labelledby="lines-title" class="panel">
          <h2 id="lines-title">What is coming</h2>
          <ul class="lines lines-plain">
            ${order.lines.map(
              (line) =>
                html`<li class="line">
                  ${picture({ src: view.pictureOf(line.handle, [line.thumbnail]), title: line.title })}
                  <div class="line-name">
                    <h3>${line.title}</h3>
                    ${lineSubtitle(line.variantTitle)}
                    <p class="quiet">${line.quantity} × ${view.money(line.unitPrice, order.currency)}</p>
                  </div>
                  <p class="line-total">${view.money(line.total, order.currency)}</p>
                </li>`,
            )}
          </ul>
          <dl class="totals">
            <div>
              <dt>Goods</dt>
              <dd>${view.money(goods, order.currency)}</dd>
            </div>
            <div>
              <dt>
                Delivery${order.shippingName !== null && html` <span class="quiet">(${order.shippingName})</span>`}
              </dt>
              <dd>${order.shipping === 0 ? 'Free' : view.money(order.shipping, order.currency)}</dd>
            </div>
            <div class="totals-last">
              <dt>Total</dt>
              <dd data-order-total>${total}</dd>
            </div>
          </dl>
          ${order.tax > 0 && html`<p class="quiet">Tax included: ${view.money(order.tax, order.currency)}</p>`}
        </section>
        <aside class="summary" aria-labelledby="where-title">
          <h2 id="where-title">Where it goes</h2>
          <address>${addressLines(view, order.address).map((line) => html`${line}<br />`)}</address>
          <h2>Contact</h2>
          <p>${order.email}${order.address.phone !== undefined && html`<br />${order.address.phone}`}</p>
          <h2>Payment</h2>
          <p>Cash on delivery</p>
          <p class="quiet">Placed ${placedAt(view, order)}</p>
        </aside>
      </div>
      <p class="after"><a class="button button-plain" href="/">Back to the shop</a></p>`,
  });
}

function addressLines(view: View, address: Partial<Address>): readonly string[] {
  const { country_code: country } = address;
  const words = (...parts: readonly (string | undefined)[]): string =>
    parts.filter((part) => part !== undefined && part !== '').join(' ');
  return [
    words(address.first_name, address.last_name),
    address.address_1 ?? '',
    address.address_2 ?? '',
    words(address.postal_code, address.city),
    address.province ?? '',
    country === undefined
      ? ''
      : (new Intl.DisplayNames([view.locale, 'en'], { type: 'region' }).of(country.toUpperCase()) ?? country),
  ].filter((line) => line !== '');
}

/** The day only: the server's clock is not the shopper's, and the hour would be off by the time zone. */
function placedAt(view: View, { placedAt: date }: Order): Html {
  const day = new Intl.DateTimeFormat(view.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  return html`<time datetime="${date.toISOString()}">${day}</time>`;
}
