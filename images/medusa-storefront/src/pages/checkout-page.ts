/** The checkout: contact, address, delivery, payment and what it all costs, on one page. */
import type { Cart, ShippingOption } from '../medusa/carts.ts';
import type { Country } from '../medusa/regions.ts';
import type { FieldErrors, FieldName, FieldValues } from '../shop/checkout-form.ts';
import type { Html } from './html.ts';
import type { View } from './view.ts';
import { countPieces } from '../shop/cart-cookie.ts';
import { fieldNames, lengthMax } from '../shop/checkout-form.ts';
import { formatQuote, quoteOf, quotedTotal } from '../shop/quote.ts';
import { attributes, html, nothing } from './html.ts';
import { layout } from './layout.ts';
import { note, picture, variantLabel } from './parts.ts';

export interface CheckoutFacts {
  readonly cart: Cart;
  readonly options: readonly ShippingOption[];
  readonly countries: readonly Country[];
  readonly values: FieldValues;
  readonly errors: FieldErrors;
  /** A sentence about the whole order, e.g. that its price changed. */
  readonly problem: string | null;
}

export function checkoutPage(view: View, facts: CheckoutFacts): Html {
  const { cart, errors } = facts;
  const faults = fieldNames.filter((name) => errors[name] !== undefined);
  const title = `Checkout · ${view.shopName}`;
  return layout(view, {
    title: faults.length > 0 ? `Error: ${title}` : title,
    pieces: countPieces(cart),
    body: html`<nav aria-label="Way back" class="crumbs"><a href="/cart">Back to cart</a></nav>
      <h1>Checkout</h1>
      ${faults.length > 0 && errorSummary(errors, faults)} ${facts.problem !== null && note('warn', facts.problem)}
      <form class="split checkout" method="post" action="/checkout" novalidate data-once>
        <div class="checkout-fields">
          <section aria-labelledby="contact-title" class="panel">
            <h2 id="contact-title">Contact</h2>
            ${field(facts, { name: 'email', label: 'Email', type: 'email', autocomplete: 'email' })}
            ${field(facts, { name: 'phone', label: 'Phone', isOptional: true, hint: 'For the courier, if you cannot be found.', type: 'tel', autocomplete: 'tel' })}
          </section>
          <section aria-labelledby="address-title" class="panel">
            <h2 id="address-title">Delivery address</h2>
            <div class="pair">
              ${field(facts, { name: 'first_name', label: 'First name', autocomplete: 'given-name' })}
              ${field(facts, { name: 'last_name', label: 'Last name', autocomplete: 'family-name' })}
            </div>
            ${field(facts, { name: 'address_1', label: 'Street and number', autocomplete: 'address-line1' })}
            ${field(facts, { name: 'address_2', label: 'Flat, floor, company', isOptional: true, autocomplete: 'address-line2' })}
            <div class="pair pair-narrow">
              ${field(facts, { name: 'postal_code', label: 'Postal code', autocomplete: 'postal-code' })}
              ${field(facts, { name: 'city', label: 'Town or city', autocomplete: 'address-level2' })}
            </div>
            ${field(facts, { name: 'province', label: 'State or region', isOptional: true, autocomplete: 'address-level1' })}
            ${countryField(view, facts)}
          </section>
          ${deliveryPanel(view, facts)}
          <section aria-labelledby="payment-title" class="panel">
            <h2 id="payment-title">Payment</h2>
            <p class="payment">
              <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
                <path d="M3 7h18v10H3zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM6 10v.01M18 14v.01" />
              </svg>
              <span
                ><strong>Cash on delivery</strong><br /><span class="quiet"
                  >You pay the courier when the parcel arrives.</span
                ></span
              >
            </p>
          </section>
        </div>
        ${summary(view, facts)}
      </form>`,
  });
}

function errorSummary(errors: FieldErrors, faults: readonly FieldName[]): Html {
  return html`<div class="note note-bad" role="alert" tabindex="-1" autofocus aria-labelledby="faults-title">
    <h2 id="faults-title">
      ${faults.length === 1 ? 'One field needs another look' : `${faults.length} fields need another look`}
    </h2>
    <ul>
      ${faults.map((name) => html`<li><a href="#${name}">${errors[name]}</a></li>`)}
    </ul>
  </div>`;
}

interface FieldFacts {
  readonly name: FieldName;
  readonly label: string;
  readonly autocomplete: string;
  readonly type?: 'text' | 'email' | 'tel';
  readonly isOptional?: boolean;
  readonly hint?: string;
}

function field({ values, errors }: CheckoutFacts, facts: FieldFacts): Html {
  const { name, hint } = facts;
  const error = errors[name];
  const input = attributes({
    class: 'input',
    id: name,
    name,
    type: facts.type ?? 'text',
    value: values[name],
    autocomplete: facts.autocomplete,
    maxlength: lengthMax[name],
    required: facts.isOptional !== true,
    'aria-describedby': describedBy(name, hint !== undefined, error !== undefined),
    'aria-invalid': error === undefined ? null : 'true',
  });
  return html`<div class="field">
    <label for="${name}"
      >${facts.label}${facts.isOptional === true && html` <span class="quiet">(optional)</span>`}</label
    >
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`} ${fieldError(name, error)}
    <input ${input} />
  </div>`;
}

function countryField(view: View, { countries, values, errors }: CheckoutFacts): Html {
  const names = new Intl.DisplayNames([view.locale, 'en'], { type: 'region' });
  const named = countries
    .map(({ code, name }) => ({ code, name: names.of(code.toUpperCase()) ?? name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, view.locale));
  const select = attributes({
    class: 'input',
    id: 'country_code',
    name: 'country_code',
    autocomplete: 'country',
    required: true,
    'aria-describedby': describedBy('country_code', false, errors.country_code !== undefined),
    'aria-invalid': errors.country_code === undefined ? null : 'true',
  });
  return html`<div class="field">
    <label for="country_code">Country</label>
    ${fieldError('country_code', errors.country_code)}
    <select ${select}>
      ${named.map(({ code, name }) => html`<option ${attributes({ value: code, selected: code === values.country_code })}>${name}</option>`)}
    </select>
  </div>`;
}

function deliveryPanel(view: View, { cart, options, values, errors }: CheckoutFacts): Html {
  const prices = quoteOf(cart, options);
  const error = errors.shipping_option;
  if (options.length === 0) {
    return html`<section aria-labelledby="shipping_option" class="panel">
      <h2 id="shipping_option" tabindex="-1">Delivery</h2>
      ${fieldError('shipping_option', error)}
      <p>This shop does not deliver to this address. Choose another country, or ask the shop.</p>
    </section>`;
  }
  const chosen = options.find(({ id }) => id === values.shipping_option) ?? options[0];
  return html`<fieldset
    class="panel delivery"
    ${error === undefined ? nothing : html` aria-describedby="shipping_option-error"`}
  >
    <legend>Delivery</legend>
    ${fieldError('shipping_option', error)}
    ${options.map((option, index) => {
      const price = prices.deliveries.get(option.id);
      const total = quotedTotal(prices, option.id);
      const input = attributes({
        type: 'radio',
        name: 'shipping_option',
        id: index === 0 ? 'shipping_option' : `shipping_option-${index}`,
        value: option.id,
        required: true,
        checked: option.id === chosen?.id,
        'data-delivery': price === undefined ? null : view.money(price, cart.currency),
        'data-total': total === null ? null : view.money(total, cart.currency),
      });
      return html`<label class="option option-wide"
        ><input ${input} /><span class="option-face"
          ><span
            >${option.name}
            ${option.description !== null && html`<br /><span class="quiet">${option.description}</span>`}</span
          >
          <span class="option-price">${priceWord(view, price, cart.currency)}</span></span
        ></label
      >`;
    })}
  </fieldset>`;
}

function summary(view: View, { cart, options, values }: CheckoutFacts): Html {
  const prices = quoteOf(cart, options);
  const chosen = options.find(({ id }) => id === values.shipping_option) ?? options[0];
  const delivery = chosen === undefined ? undefined : prices.deliveries.get(chosen.id);
  const total = chosen === undefined ? null : quotedTotal(prices, chosen.id);
  return html`<aside class="summary" aria-labelledby="summary-title">
    <h2 id="summary-title">Your order</h2>
    <ul class="mini-lines">
      ${cart.lines.map(
        (line) =>
          html`<li>
            ${picture({ src: view.pictureOf(line.handle, [line.thumbnail]), title: line.title })}
            <span
              >${line.title}<br /><span class="quiet"
                >${[variantLabel(line.variantTitle), `${line.quantity} × ${view.money(line.unitPrice, cart.currency)}`].filter((part) => part !== null).join(' · ')}</span
              ></span
            >
            <span>${view.money(line.total, cart.currency)}</span>
          </li>`,
      )}
    </ul>
    <dl class="totals">
      <div>
        <dt>Goods</dt>
        <dd>${view.money(prices.goods, cart.currency)}</dd>
      </div>
      <div>
        <dt>
          Delivery${options.length > 1 && chosen !== undefined && html`<span class="quiet no-script"> (${chosen.name})</span>`}
        </dt>
        <dd data-show="delivery">${priceWord(view, delivery, cart.currency)}</dd>
      </div>
      <div class="totals-last" aria-live="polite">
        <dt>Total</dt>
        <dd data-show="total">${total === null ? 'Shown before you order' : view.money(total, cart.currency)}</dd>
      </div>
    </dl>
    ${cart.tax > 0 && html`<p class="quiet">Tax included: ${view.money(cart.tax, cart.currency)}</p>`}
    <input type="hidden" name="quote" value="${formatQuote(prices)}" />
    <button class="button button-wide" type="submit">Place order</button>
    <p class="quiet centre">You pay in cash on delivery.</p>
  </aside>`;
}

function priceWord(view: View, price: number | undefined, currency: string): string {
  if (price === undefined) return 'Shown before you order';
  return price === 0 ? 'Free' : view.money(price, currency);
}

function fieldError(name: FieldName, error: string | undefined): Html {
  return error === undefined
    ? nothing
    : html`<p class="field-error" id="${name}-error"><span class="hide">Error: </span>${error}</p>`;
}

function describedBy(name: FieldName, hasHint: boolean, hasError: boolean): string | null {
  const ids = [hasHint && `${name}-hint`, hasError && `${name}-error`].filter((id) => id !== false);
  return ids.length === 0 ? null : ids.join(' ');
}
