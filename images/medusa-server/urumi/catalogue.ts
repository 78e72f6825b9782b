/**
 * What products.json of the chart says: the products a new shop starts with. Prices are in whole units of the
 * shop's currency. A product without `variants` has one, sold under its own price, stock and SKU.
 */
import { BadInput } from './cause.ts';
import { parseObject, toCount, toHandle, toList, toObject, toOptionalText, toPrice, toText } from './parse.ts';

export type Variant = { title: string; sku: string; price: number; stock: number };

export type Product = {
  handle: string;
  title: string;
  subtitle: string | undefined;
  description: string;
  category: string;
  collection: string | undefined;
  /** What the variants differ in (`Size`); their titles are its values. */
  option: string;
  variants: Variant[];
};

export type Catalogue = {
  categories: { handle: string; name: string; description: string }[];
  collections: { handle: string; title: string }[];
  products: Product[];
};

/**
 * @param text  content of products.json
 * @throws BadInput naming the product (its number in the list and its handle) and the fault
 */
export function parseCatalogue(text: string): Catalogue {
  const file = parseObject(text, 'products.json');
  const categories = toList(file.categories, 'products.json: categories').map((value, index) => {
    const place = `products.json: category ${index + 1}`;
    const category = toObject(value, place);
    return {
      handle: toHandle(category.handle, `${place}: handle`),
      name: toText(category.name, `${place}: name`),
      description: toText(category.description, `${place}: description`),
    };
  });
  const collections = toList(file.collections, 'products.json: collections').map((value, index) => {
    const place = `products.json: collection ${index + 1}`;
    const collection = toObject(value, place);
    return {
      handle: toHandle(collection.handle, `${place}: handle`),
      title: toText(collection.title, `${place}: title`),
    };
  });
  const products = toList(file.products, 'products.json: products').map(parseProduct);

  const categoryHandles = new Set(categories.map(({ handle }) => handle));
  const collectionHandles = new Set(collections.map(({ handle }) => handle));
  products.forEach((product, index) => {
    const place = placeOf(index, product.handle);
    if (!categoryHandles.has(product.category)) {
      throw new BadInput(`${place}: category "${product.category}" is not in the list of categories`);
    }
    if (product.collection !== undefined && !collectionHandles.has(product.collection)) {
      throw new BadInput(`${place}: collection "${product.collection}" is not in the list of collections`);
    }
  });
  refuseTwins(
    'handle',
    products.map(({ handle }) => handle),
  );
  refuseTwins(
    'sku',
    products.flatMap(({ variants }) => variants.map(({ sku }) => sku)),
  );
  return { categories, collections, products };
}

function parseProduct(value: unknown, index: number): Product {
  const product = toObject(value, placeOf(index));
  const handle = toHandle(product.handle, `${placeOf(index)}: handle`);
  const place = placeOf(index, handle);
  const variants =
    product.variants === undefined
      ? [parseVariant({ title: 'Standard', sku: product.sku, price: product.price, stock: product.stock }, place)]
      : toList(product.variants, `${place}: variants`).map((variant, number) =>
          parseVariant(variant, `${place}: variant ${number + 1}`),
        );
  if (variants.length === 0) throw new BadInput(`${place}: variants must hold at least one`);
  return {
    handle,
    title: toText(product.title, `${place}: title`),
    subtitle: toOptionalText(product.subtitle, `${place}: subtitle`),
    description: toText(product.description, `${place}: description`),
    category: toHandle(product.category, `${place}: category`),
    collection: product.collection === undefined ? undefined : toHandle(product.collection, `${place}: collection`),
    option: toOptionalText(product.option, `${place}: option`) ?? 'Version',
    variants,
  };
}

function parseVariant(value: unknown, place: string): Variant {
  const variant = toObject(value, place);
  return {
    title: toText(variant.title, `${place}: title`),
    sku: toText(variant.sku, `${place}: sku`),
    price: toPrice(variant.price, `${place}: price`),
    stock: toCount(variant.stock, `${place}: stock`),
  };
}

function placeOf(index: number, handle?: string): string {
  return `products.json: product ${index + 1}${handle === undefined ? '' : ` ("${handle}")`}`;
}

function refuseTwins(what: string, values: string[]): void {
  const twin = values.find((value, index) => values.indexOf(value) !== index);
  if (twin !== undefined) throw new BadInput(`products.json: the ${what} "${twin}" is used twice`);
}
