/** What can be bought, and how much of it. Pure decisions. */
import type { Line } from '../medusa/carts.ts';
import type { Price, Product, Variant } from '../medusa/products.ts';

/** More of one thing than this is a typing error or a job for a phone call. */
export const quantityMax = 99;

export function isBuyable(variant: Variant): boolean {
  return variant.price !== null && variant.stock !== 0;
}

export function isSoldOut(product: Product): boolean {
  return !product.variants.some(isBuyable);
}

/** The most that one order may hold; 0 for what cannot be bought. */
export function orderableMax(variant: Variant): number {
  return isBuyable(variant) ? Math.min(quantityMax, variant.stock ?? quantityMax) : 0;
}

/** The lowest price of what can be bought, else of anything; `isFrom` if there are others. Null without any price. */
export function leadPrice(product: Product): { readonly price: Price; readonly isFrom: boolean } | null {
  const buyable = product.variants.filter(isBuyable);
  const prices = (buyable.length > 0 ? buyable : product.variants).flatMap(({ price }) => price ?? []);
  const [first, ...rest] = prices.toSorted((a, b) => a.amount - b.amount);
  if (first === undefined) return null;
  return { price: first, isFrom: rest.some(({ amount }) => amount !== first.amount) };
}

/** The quantity a form asks for; null if it is not a whole number within bounds. */
export function parseQuantity(text: string | null, min: number): number | null {
  if (text === null || !/^\d{1,4}$/.test(text.trim())) return null;
  const quantity = Number(text);
  return quantity >= min && quantity <= quantityMax ? quantity : null;
}

/**
 * Lines that the shop can no longer serve in full, with what is left.
 *
 * @returns line id to pieces left; 0 if the thing is sold out or gone. Lines that are fine are absent.
 */
export function findShortages(lines: readonly Line[], products: readonly Product[]): ReadonlyMap<string, number> {
  const variants = new Map(products.flatMap((product) => product.variants.map((variant) => [variant.id, variant])));
  const shortages = new Map<string, number>();
  for (const line of lines) {
    const variant = line.variantId === null ? undefined : variants.get(line.variantId);
    const left = variant === undefined ? 0 : orderableMax(variant);
    if (left < line.quantity) shortages.set(line.id, left);
  }
  return shortages;
}
