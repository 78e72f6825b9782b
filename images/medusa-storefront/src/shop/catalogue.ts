/**
 * What the shop sells, kept for a few seconds so that a page costs one call at most. Prices and stock shown here are a
 * picture; the cart asks the backend again for every change.
 */
import type { Backend } from '../medusa/client.ts';
import type { Category, Product, ProductPage } from '../medusa/products.ts';
import type { Region } from '../medusa/regions.ts';
import { readCategories, readProducts } from '../medusa/products.ts';
import { readRegion } from '../medusa/regions.ts';
import { createShortCache } from './short-cache.ts';

export const productsPerPage = 24;

export interface Catalogue {
  region(): Promise<Region>;
  categories(): Promise<readonly Category[]>;
  /** @param page  counts from 1 */
  page(categoryId: string | null, page: number): Promise<ProductPage>;
  /** Null if the shop has no such product. */
  product(handle: string): Promise<Product | null>;
  /** Products of these ids, in no order; those that left the shop are missing. */
  products(ids: readonly string[]): Promise<readonly Product[]>;
  /** True if the backend just answered with at least one product; never throws. */
  isReady(): Promise<boolean>;
}

const pageTtlMs = 5_000;
const readyTtlMs = 1_500;
/** Under the probe's own patience (5 s in the chart): a slow start counts as not ready yet, not as a dead process. */
const readyTimeoutMs = 3_000;

export function createCatalogue(backend: Backend, currency: string): Catalogue {
  const regions = createShortCache<Region>({ ttlMs: pageTtlMs, entriesMax: 1 });
  const categories = createShortCache<readonly Category[]>({ ttlMs: pageTtlMs, entriesMax: 1 });
  const pages = createShortCache<ProductPage>({ ttlMs: pageTtlMs, entriesMax: 64 });
  const ready = createShortCache<true>({ ttlMs: readyTtlMs, entriesMax: 1 });
  const region = (): Promise<Region> => regions.get('region', () => readRegion(backend, currency));

  return {
    region,
    categories: () => categories.get('all', () => readCategories(backend)),
    page: (categoryId, page) =>
      pages.get(`page ${categoryId ?? ''} ${page}`, async () =>
        readProducts(backend, {
          region: await region(),
          limit: productsPerPage,
          offset: (page - 1) * productsPerPage,
          ...(categoryId === null ? {} : { categoryId }),
        }),
      ),
    product: async (handle) => {
      const found = await pages.get(`handle ${handle}`, async () =>
        readProducts(backend, { region: await region(), limit: 1, handle }),
      );
      return found.products[0] ?? null;
    },
    products: async (ids) => {
      if (ids.length === 0) return [];
      const wanted = [...new Set(ids)].toSorted();
      const found = await pages.get(`ids ${wanted.join(' ')}`, async () =>
        readProducts(backend, { region: await region(), limit: wanted.length, ids: wanted }),
      );
      return found.products;
    },
    isReady: async () => {
      try {
        await ready.get('ready', async () => {
          const found = await readProducts(backend, { region: await region(), limit: 1, timeoutMs: readyTimeoutMs });
          // Thrown, for a failure is not kept: a shop that opens is seen at the next look.
          if (found.products.length === 0) throw new Error('the backend has no products');
          return true;
        });
        return true;
      } catch {
        // "Not ready" is this probe's whole answer; the reason stands in the log of the page that failed.
        return false;
      }
    },
  };
}
