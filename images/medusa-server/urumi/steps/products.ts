import type { Catalogue, Product } from '../catalogue.ts';
import type { Shop } from '../environment.ts';
import { find, runFlow, type Container } from '../medusa.ts';
import type { Shipping } from './shipping.ts';
import type { Store } from './store.ts';

type Row = { id: string; handle: string };

type Shelf = {
  catalogue: Catalogue;
  shop: Shop;
  store: Store;
  shipping: Shipping;
};

/** Fills the shop with the products of products.json: those missing, by handle, and the stock of those without any. */
export async function ensureProducts(container: Container, shelf: Shelf): Promise<void> {
  const { catalogue, shipping } = shelf;
  const categories = await ensureCategories(container, catalogue);
  const collections = await ensureCollections(container, catalogue);

  const known = new Set((await findByHandle(container, 'product', catalogue.products)).map(({ handle }) => handle));
  const missing = catalogue.products.filter(({ handle }) => !known.has(handle));
  if (missing.length > 0) {
    await runFlow(container, 'createProductsWorkflow', {
      products: missing.map((product) => ({
        ...toProduct(product, shelf),
        category_ids: [categories.get(product.category)],
        collection_id: product.collection === undefined ? undefined : collections.get(product.collection),
      })),
    });
  }
  await ensureStock(container, catalogue.products, shipping.stockLocationId);
}

async function ensureCategories(container: Container, { categories }: Catalogue): Promise<Map<string, string>> {
  const found = await findByHandle(container, 'product_category', categories);
  const missing = categories.filter(({ handle }) => !found.some((row) => row.handle === handle));
  const made =
    missing.length === 0
      ? []
      : await runFlow<Row[]>(container, 'createProductCategoriesWorkflow', {
          product_categories: missing.map((category) => ({ ...category, is_active: true })),
        });
  return toIds([...found, ...made]);
}

async function ensureCollections(container: Container, { collections }: Catalogue): Promise<Map<string, string>> {
  const found = await findByHandle(container, 'product_collection', collections);
  const missing = collections.filter(({ handle }) => !found.some((row) => row.handle === handle));
  const made =
    missing.length === 0 ? [] : await runFlow<Row[]>(container, 'createCollectionsWorkflow', { collections: missing });
  return toIds([...found, ...made]);
}

/** Each variant gets its stock once; a level that exists is the merchant's. */
async function ensureStock(container: Container, products: Product[], locationId: string): Promise<void> {
  const stock = new Map(
    products.flatMap(({ variants }) => variants.map((variant) => [variant.sku, variant.stock] as const)),
  );
  const items = await find<{ id: string; sku: string; location_levels: ({ id: string } | null)[] | null }>(container, {
    entity: 'inventory_item',
    fields: ['id', 'sku', 'location_levels.id'],
    filters: { sku: [...stock.keys()] },
  });
  const bare = items.filter(({ location_levels: levels }) => (levels ?? []).length === 0);
  if (bare.length === 0) return;
  await runFlow(container, 'createInventoryLevelsWorkflow', {
    inventory_levels: bare.map(({ id, sku }) => ({
      inventory_item_id: id,
      location_id: locationId,
      stocked_quantity: stock.get(sku) ?? 0,
    })),
  });
}

function toProduct(product: Product, { shop, store, shipping }: Shelf): Record<string, unknown> {
  // A path: shop and admin share an origin, and the shop may move.
  const picture = `/media/${product.handle}.svg`;
  return {
    handle: product.handle,
    title: product.title,
    subtitle: product.subtitle,
    description: product.description,
    status: 'published',
    thumbnail: picture,
    images: [{ url: picture }],
    shipping_profile_id: shipping.profileId,
    sales_channels: [{ id: store.salesChannelId }],
    options: [{ title: product.option, values: product.variants.map(({ title }) => title) }],
    variants: product.variants.map(({ title, sku, price }) => ({
      title,
      sku,
      manage_inventory: true,
      options: { [product.option]: title },
      prices: [{ currency_code: shop.currency, amount: price }],
    })),
  };
}

async function findByHandle(container: Container, entity: string, wanted: { handle: string }[]): Promise<Row[]> {
  const handles = wanted.map(({ handle }) => handle);
  return find<Row>(container, { entity, fields: ['id', 'handle'], filters: { handle: handles } });
}

function toIds(rows: Row[]): Map<string, string> {
  return new Map(rows.map(({ handle, id }) => [handle, id]));
}
