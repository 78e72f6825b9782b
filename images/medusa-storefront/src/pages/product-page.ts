/** One product: picture, price, variants, quantity, *Add to cart*. */
import type { Product, Variant } from '../medusa/products.ts';
import type { Html } from './html.ts';
import type { NoteTone } from './parts.ts';
import type { View } from './view.ts';
import { isBuyable, isSoldOut, leadPrice, orderableMax } from '../shop/stock.ts';
import { productGrid } from './front-page.ts';
import { attributes, html, nothing } from './html.ts';
import { layout } from './layout.ts';
import { note, paragraphs, picture, priceTag, variantLabel } from './parts.ts';

export interface ProductFacts {
  readonly product: Product;
  /** Other products to look at. */
  readonly others: readonly Product[];
  readonly pieces: number;
  readonly problem: ProductProblem | null;
}

export const productProblems = ['stock', 'variant', 'quantity'] as const;
export type ProductProblem = (typeof productProblems)[number];

const problemNotes: Readonly<Record<ProductProblem, readonly [NoteTone, string]>> = {
  stock: ['warn', 'There are fewer of these left than you asked for. Nothing was added.'],
  variant: ['warn', 'Choose one of the versions below, then add it to your cart.'],
  quantity: ['warn', 'Choose a whole number from 1 to 99.'],
};

/** From here on the shopper is told how few are left. */
const scarceMax = 5;

export function productPage(view: View, facts: ProductFacts): Html {
  const { product, problem } = facts;
  const lead = leadPrice(product);
  const path = `/products/${encodeURIComponent(product.handle)}`;
  return layout(view, {
    title: `${product.title} · ${view.shopName}`,
    ...(product.description === null ? {} : { description: product.description.slice(0, 160) }),
    canonical: path,
    pieces: facts.pieces,
    body: html`<nav aria-label="Way back" class="crumbs"><a href="/">All products</a></nav>
      ${problem !== null && note(...problemNotes[problem])}
      <article class="product">
        <div class="product-picture">
          ${picture({ src: view.pictureOf(product.handle, [product.thumbnail, ...product.images]), title: product.title, isEager: true })}
        </div>
        <div class="product-facts">
          <h1>${product.title}</h1>
          ${product.subtitle !== null && html`<p class="lead">${product.subtitle}</p>`}
          ${lead !== null && html`<p class="product-price" id="price">${priceTag(view, lead.price, lead.isFrom)}</p>`}
          ${buyForm(view, product)}
          ${product.description !== null && html`<div class="prose">${paragraphs(product.description)}</div>`}
          <ul class="facts">
            <li>Pay in cash when it arrives</li>
            <li>No account needed</li>
          </ul>
        </div>
      </article>
      ${
        facts.others.length > 0 &&
        html`<section aria-labelledby="more-title" class="more">
          <h2 id="more-title">More from the shop</h2>
          ${productGrid(view, facts.others, 0)}
        </section>`
      }`,
  });
}

function buyForm(view: View, product: Product): Html {
  if (isSoldOut(product)) return html`<p class="sold-out" role="status">Sold out at the moment.</p>`;
  const buyable = product.variants.filter(isBuyable);
  const [first] = buyable;
  const most = Math.max(...buyable.map(orderableMax));
  return html`<form method="post" action="/cart/lines" class="buy" data-once>
    <input type="hidden" name="handle" value="${product.handle}" />
    ${product.variants.length > 1 ? variantChoice(view, product, first) : html`<input type="hidden" name="variant_id" value="${first?.id}" />${scarcity(first)}`}
    <div class="buy-row">
      <label class="field-short"
        ><span>Quantity</span>
        <input
          class="input"
          type="number"
          name="quantity"
          value="1"
          min="1"
          max="${most}"
          step="1"
          inputmode="numeric"
          required
      /></label>
      <button class="button" type="submit">Add to cart</button>
    </div>
  </form>`;
}

function variantChoice(view: View, { variants, optionTitle }: Product, chosen: Variant | undefined): Html {
  const isOnePrice = new Set(variants.flatMap(({ price }) => price?.amount ?? [])).size === 1;
  return html`<fieldset class="variants">
    <legend>${optionTitle ?? 'Version'}</legend>
    ${variants.map((variant) => {
      const { price } = variant;
      const input = attributes({
        type: 'radio',
        name: 'variant_id',
        value: variant.id,
        required: true,
        checked: variant.id === chosen?.id,
        disabled: !isBuyable(variant),
        'data-max': orderableMax(variant),
        'data-price-text': price === null ? null : view.money(price.amount, price.currency),
      });
      return html`<label class="option"
        ><input ${input} /><span class="option-face"
          ><span>${variant.title}</span>
          <span class="quiet"
            >${isBuyable(variant) ? html`${!isOnePrice && price !== null && view.money(price.amount, price.currency)}${isScarce(variant) && html`<span class="scarce">${isOnePrice ? '' : ' · '}${variant.stock} left</span>`}` : 'Sold out'}</span
          ></span
        ></label
      >`;
    })}
  </fieldset>`;
}

function scarcity(variant: Variant | undefined): Html {
  return variant !== undefined && isScarce(variant) ? html`<p class="scarce">Only ${variant.stock} left</p>` : nothing;
}

function isScarce({ stock }: Variant): boolean {
  return stock !== null && stock > 0 && stock <= scarceMax;
}

/** The variant's own name in a list, without Medusa's filler for products that have none. */
export function lineSubtitle(variantTitle: string | null): Html {
  const label = variantLabel(variantTitle);
  return label === null ? nothing : html`<p class="quiet">${label}</p>`;
}
