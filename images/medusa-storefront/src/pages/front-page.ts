/** The shop window: what the shop is, categories, the products. */
import type { Category, Product } from '../medusa/products.ts';
import type { View } from './view.ts';
import { isSoldOut, leadPrice } from '../shop/stock.ts';
import { Html, escapeHtml, html, nothing } from './html.ts';
import { layout } from './layout.ts';
import { picture, priceTag } from './parts.ts';

export interface FrontFacts {
  readonly products: readonly Product[];
  readonly count: number;
  readonly categories: readonly Category[];
  readonly category: Category | null;
  readonly page: number;
  readonly pages: number;
  readonly pieces: number;
}

export function frontPage(view: View, facts: FrontFacts): Html {
  const { category, page } = facts;
  const hasHero = category === null && page === 1;
  const listTitle = category?.name ?? 'Everything in the shop';
  const title = category === null ? view.shopName : `${category.name} · ${view.shopName}`;
  return layout(view, {
    title: page > 1 ? `Page ${page} · ${title}` : title,
    description: `${view.shopName}: chosen with care, paid in cash when it arrives.`,
    canonical: frontHref(category, page),
    pieces: facts.pieces,
    current: 'shop',
    head: storeMark(view.storeId),
    body: html`${hasHero && hero(view, facts)} ${facts.categories.length > 1 && filter(facts)}
      <section aria-labelledby="list-title">
        <div class="list-head">
          ${hasHero ? html`<h2 id="list-title">${listTitle}</h2>` : html`<h1 id="list-title">${listTitle}</h1>`}
          <p class="quiet">${facts.count === 1 ? '1 product' : `${facts.count} products`}</p>
        </div>
        ${facts.products.length === 0 ? html`<p class="empty">Nothing in this category yet. <a href="/">See everything</a></p>` : productGrid(view, facts.products, 4)}
        ${facts.pages > 1 && pager(facts)}
      </section>`,
  });
}

/**
 * The mark that tells a probe this is this store's own shop window, with products from its backend. Probes look for
 * exactly this text, so no formatter may touch it.
 */
function storeMark(storeId: string): Html {
  return new Html(`<meta name="urumi-store" content="${escapeHtml(storeId)}">`);
}

/** @param eagerCount  pictures that are likely in view at once and so are not loaded lazily */
export function productGrid(view: View, products: readonly Product[], eagerCount: number): Html {
  return html`<ul class="grid">
    ${products.map((product, index) => card(view, product, index < eagerCount))}
  </ul>`;
}

const heroPictures = 3;

function hero(view: View, { products, count }: FrontFacts): Html {
  const all = products.flatMap(
    (product) => view.pictureOf(product.handle, [product.thumbnail, ...product.images]) ?? [],
  );
  // Taken from all over the list: neighbours are often of one kind.
  const pictures = [0, 1, 2].flatMap((part) => all[Math.floor((part * all.length) / heroPictures)] ?? []);
  return html`<section class="hero">
    <div>
      <h1>Chosen with care, paid at your door.</h1>
      <p>
        ${count === 1 ? 'One thing' : `${count} things`} worth keeping. Order without an account or a card, and pay in
        cash when your parcel arrives.
      </p>
    </div>
    ${
      all.length >= heroPictures &&
      html`<div class="hero-art" aria-hidden="true">
        ${pictures.map((src) => html`<img src="${src}" alt="" decoding="async" />`)}
      </div>`
    }
  </section>`;
}

function filter({ categories, category }: FrontFacts): Html {
  const link = (one: Category | null, name: string): Html =>
    html`<li>
      <a class="chip" href="${frontHref(one, 1)}" ${one?.id === category?.id ? html` aria-current="true"` : nothing}
        >${name}</a
      >
    </li>`;
  return html`<nav aria-label="Categories">
    <ul class="chips">
      ${link(null, 'All')} ${categories.map((one) => link(one, one.name))}
    </ul>
  </nav>`;
}

function card(view: View, product: Product, isEager: boolean): Html {
  const lead = leadPrice(product);
  const soldOut = isSoldOut(product);
  return html`<li class="card${soldOut ? ' is-sold-out' : ''}" data-product="${product.handle}">
    ${picture({ src: view.pictureOf(product.handle, [product.thumbnail, ...product.images]), title: product.title, isEager })}
    ${soldOut && html`<span class="badge">Sold out</span>`}
    ${!soldOut && lead?.price.before != null && html`<span class="badge badge-sale">Reduced</span>`}
    <h3><a href="/products/${encodeURIComponent(product.handle)}">${product.title}</a></h3>
    ${product.subtitle !== null && html`<p class="quiet">${product.subtitle}</p>`}
    <p class="card-price">
      ${lead === null ? html`<span class="quiet">No price yet</span>` : priceTag(view, lead.price, lead.isFrom)}
    </p>
  </li>`;
}

function pager({ category, page, pages }: FrontFacts): Html {
  return html`<nav class="pager" aria-label="Pages">
    ${page > 1 && html`<a class="button button-plain" rel="prev" href="${frontHref(category, page - 1)}">Previous</a>`}
    <span class="quiet">Page ${page} of ${pages}</span>
    ${page < pages && html`<a class="button button-plain" rel="next" href="${frontHref(category, page + 1)}">Next</a>`}
  </nav>`;
}

function frontHref(category: Category | null, page: number): string {
  const query = new URLSearchParams();
  if (category !== null) query.set('category', category.handle);
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? '/' : `/?${query.toString()}`;
}
