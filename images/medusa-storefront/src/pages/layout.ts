/** The frame of every page: head, header with the cart, main, footer. */
import type { Html } from './html.ts';
import type { View } from './view.ts';
import { html, nothing } from './html.ts';

export interface Frame {
  readonly title: string;
  readonly body: Html;
  /** Pieces in the shopper's cart, for the header. */
  readonly pieces: number;
  readonly description?: string;
  /** Path of the page's own address; pages without one are not for search engines. */
  readonly canonical?: string;
  /** Extra elements of the head. */
  readonly head?: Html;
  readonly current?: 'shop' | 'cart';
}

export function layout(view: View, frame: Frame): Html {
  const cartLabel =
    frame.pieces === 0 ? 'Cart, empty' : `Cart, ${frame.pieces} ${frame.pieces === 1 ? 'item' : 'items'}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${frame.title}</title>
        ${frame.description === undefined ? nothing : html`<meta name="description" content="${frame.description}" />`}
        ${
          frame.canonical === undefined
            ? html`<meta name="robots" content="noindex" />`
            : html`<link rel="canonical" href="${view.storeOrigin}${frame.canonical}" />`
        }
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#151a17" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="${view.href('/assets/icon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${view.href('/assets/shop.css')}" />
        <script src="${view.href('/assets/shop.js')}" defer></script>
        ${frame.head}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <div class="wrap top-row">
            <a class="brand" href="/" ${frame.current === 'shop' ? html` aria-current="page"` : nothing}
              >${view.shopName}</a
            >
            <nav aria-label="Shop">
              <a
                class="cart-link"
                href="/cart"
                aria-label="${cartLabel}"
                ${frame.current === 'cart' ? html` aria-current="page"` : nothing}
              >
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
                  <path d="M5 8h14l-1 12H6L5 8Zm4 0V7a3 3 0 0 1 6 0v1" />
                </svg>
                <span aria-hidden="true">Cart</span>
                ${frame.pieces > 0 && html`<span class="count" aria-hidden="true">${frame.pieces}</span>`}
              </a>
            </nav>
          </div>
        </header>
        <main id="main" class="wrap" tabindex="-1">${frame.body}</main>
        <footer class="foot">
          <div class="wrap foot-row">
            <p>${view.shopName}</p>
            <p>Pay in cash when your parcel arrives. No account needed.</p>
          </div>
        </footer>
      </body>
    </html> `;
}
