/** Small pieces that several pages share. */
import type { Price } from '../medusa/products.ts';
import type { Html } from './html.ts';
import type { View } from './view.ts';
import { html, nothing } from './html.ts';

export interface PictureFacts {
  /** Path of the picture; null draws a tile with the first letter. */
  readonly src: string | null;
  readonly title: string;
  readonly isEager?: boolean;
  /** What the picture tells beside the title next to it; empty for decoration. */
  readonly alt?: string;
}

/** Always the same square, so that nothing moves when a picture arrives or fails. */
export function picture({ src, title, isEager = false, alt = '' }: PictureFacts): Html {
  if (src === null) {
    const letter = Array.from(title.trim())[0] ?? '';
    return html`<span class="picture picture-none" aria-hidden="true"><span>${letter.toUpperCase()}</span></span>`;
  }
  const loading = isEager ? html` fetchpriority="high"` : html` loading="lazy"`;
  return html`<span class="picture"
    ><img src="${src}" alt="${alt}" width="600" height="600" decoding="async" ${loading}
  /></span>`;
}

export function priceTag(view: View, price: Price, isFrom = false): Html {
  const now = view.money(price.amount, price.currency);
  if (price.before === null) {
    return html`<span class="price"
      >${isFrom && html`<span class="price-from">from</span> `}<span data-price>${now}</span></span
    >`;
  }
  return html`<span class="price price-reduced"
    >${isFrom && html`<span class="price-from">from</span> `}<span class="hide">Now </span
    ><span data-price>${now}</span>
    <s><span class="hide">, before </span>${view.money(price.before, price.currency)}</s></span
  >`;
}

export type NoteTone = 'good' | 'warn' | 'bad';

/** A sentence about what just happened. It stands in the page when it loads, so it takes the role that is announced then. */
export function note(tone: NoteTone, sentence: string, more: Html = nothing): Html {
  return html`<div class="note note-${tone}" role="${tone === 'good' ? 'status' : 'alert'}">
    <p>${sentence}</p>
    ${more}
  </div>`;
}

/** Text of the shopkeeper: blank lines part paragraphs. */
export function paragraphs(text: string): Html {
  const parts = text.split(/\n\s*\n/).map((part) => part.trim());
  return html`${parts.filter((part) => part !== '').map((part) => html`<p>${part}</p>`)}`;
}

/** "Default variant" and "Default" are Medusa's fillers for things without variants. */
export function variantLabel(title: string | null): string | null {
  return title === null || /^(default( variant| option value)?|standard)$/i.test(title.trim()) ? null : title;
}
