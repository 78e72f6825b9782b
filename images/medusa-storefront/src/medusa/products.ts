/** Products and categories as the shop shows them, read from the store API. */
import type { Backend } from './client.ts';
import type { Json } from './read.ts';
import type { Region } from './regions.ts';
import { readList, readNumber, readNumberOrNull, readObject, readText, readTextOrNull } from './read.ts';

export interface Price {
  readonly amount: number;
  /** The price before a reduction; null without one. */
  readonly before: number | null;
  readonly currency: string;
}

export interface Variant {
  readonly id: string;
  readonly title: string;
  /** Null where the shop has no price in this currency: then it cannot be bought. */
  readonly price: Price | null;
  /** Pieces that can be ordered; null without a limit. */
  readonly stock: number | null;
}

export interface Product {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly subtitle: string | null;
  readonly description: string | null;
  readonly thumbnail: string | null;
  readonly images: readonly string[];
  /** What its variants differ in, e.g. `Size`; null for a product without a choice. */
  readonly optionTitle: string | null;
  readonly variants: readonly Variant[];
}

export interface ProductPage {
  readonly products: readonly Product[];
  readonly count: number;
}

export interface Category {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

export interface ProductQuery {
  readonly region: Region;
  readonly limit: number;
  readonly offset?: number;
  readonly categoryId?: string;
  readonly handle?: string;
  readonly ids?: readonly string[];
  readonly timeoutMs?: number;
}

/**
 * Only what the pages show: the default field list is three times the size. Medusa drops a field silently unless its
 * full path is on the route's list (2.21, `api/store/products/query-config`), so rank and stock rules come by `*variants`.
 */
const productFields = [
  'id,handle,title,subtitle,description,thumbnail',
  'images.url,options.title',
  '*variants,*variants.calculated_price,+variants.inventory_quantity',
].join(',');

/** @throws BackendError */
export async function readProducts(backend: Backend, query: ProductQuery): Promise<ProductPage> {
  const [onlyCountry, ...others] = query.region.countries;
  const answer = await backend.get('/store/products', {
    query: {
      region_id: query.region.id,
      limit: String(query.limit),
      offset: String(query.offset ?? 0),
      fields: productFields,
      // Prices with tax need a country; with several the tax is known only once the shopper chose one.
      ...(onlyCountry !== undefined && others.length === 0 ? { country_code: onlyCountry.code } : {}),
      ...(query.categoryId === undefined ? {} : { category_id: [query.categoryId] }),
      ...(query.handle === undefined ? {} : { handle: query.handle }),
      ...(query.ids === undefined ? {} : { id: query.ids }),
    },
    ...(query.timeoutMs === undefined ? {} : { timeoutMs: query.timeoutMs }),
  });
  const body = readObject(answer, 'products');
  return { products: readList(body, 'products', parseProduct), count: readNumber(body, 'count') };
}

/** Top-level categories that are public, in the shop's own order. @throws BackendError */
export async function readCategories(backend: Backend): Promise<readonly Category[]> {
  const answer = await backend.get('/store/product-categories', {
    query: { fields: 'id,name,handle,rank,parent_category_id', order: 'rank', limit: '100' },
  });
  const categories = readList(readObject(answer, 'categories'), 'product_categories', (category) => ({
    id: readText(category, 'id'),
    handle: readText(category, 'handle'),
    name: readText(category, 'name'),
    isTop: readTextOrNull(category, 'parent_category_id') === null,
  }));
  return categories.filter(({ isTop }) => isTop).map(({ id, handle, name }) => ({ id, handle, name }));
}

export function parseProduct(product: Json): Product {
  const variants = readList(product, 'variants', (variant) => ({
    rank: readNumberOrNull(variant, 'variant_rank') ?? 0,
    variant: parseVariant(variant),
  }));
  return {
    id: readText(product, 'id'),
    handle: readText(product, 'handle'),
    title: readText(product, 'title'),
    subtitle: readTextOrNull(product, 'subtitle'),
    description: readTextOrNull(product, 'description'),
    thumbnail: readTextOrNull(product, 'thumbnail'),
    images: readList(product, 'images', (image) => readText(image, 'url')),
    optionTitle: parseOptionTitle(readList(product, 'options', (option) => readText(option, 'title'))),
    variants: variants.toSorted((a, b) => a.rank - b.rank).map(({ variant }) => variant),
  };
}

function parseOptionTitle(titles: readonly string[]): string | null {
  const named = titles.filter((title) => !/^default( option)?$/i.test(title.trim()));
  return named.length === 0 ? null : named.join(' and ');
}

function parseVariant(variant: Json): Variant {
  const isCounted = variant['manage_inventory'] === true && variant['allow_backorder'] !== true;
  const quantity = readNumberOrNull(variant, 'inventory_quantity');
  return {
    id: readText(variant, 'id'),
    title: readTextOrNull(variant, 'title') ?? 'Standard',
    price: parsePrice(variant['calculated_price']),
    stock: isCounted && quantity !== null ? Math.max(0, Math.floor(quantity)) : null,
  };
}

function parsePrice(value: unknown): Price | null {
  if (value === null || value === undefined) return null;
  const price = readObject(value, 'calculated_price');
  const amount = readNumberOrNull(price, 'calculated_amount_with_tax') ?? readNumberOrNull(price, 'calculated_amount');
  const original = readNumberOrNull(price, 'original_amount_with_tax') ?? readNumberOrNull(price, 'original_amount');
  const currency = readTextOrNull(price, 'currency_code');
  if (amount === null || currency === null) return null;
  return { amount, before: original !== null && original > amount ? original : null, currency };
}
