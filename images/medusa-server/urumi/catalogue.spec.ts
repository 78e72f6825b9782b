import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadInput } from './cause.ts';
import { parseCatalogue } from './catalogue.ts';

const chartFiles = join(import.meta.dirname, '../../../charts/ecommerce-store/files/medusa');
const pictures = join(import.meta.dirname, '../../medusa-storefront/media');

const tin = { handle: 'tin', title: 'Tin', description: 'A tin.', category: 'home', sku: 'TIN', price: 19, stock: 5 };
const file = (...products: unknown[]): string =>
  JSON.stringify({ categories: [{ handle: 'home', name: 'Home', description: 'Things.' }], collections: [], products });

describe('products.json', () => {
  it('gives a product without variants one of its own', () => {
    expect(parseCatalogue(file(tin)).products[0]).toMatchObject({
      handle: 'tin',
      option: 'Version',
      variants: [{ title: 'Standard', sku: 'TIN', price: 19, stock: 5 }],
    });
  });

  it.each<[string, string, string]>([
    ['text that is not JSON', '{', 'products.json is not valid JSON'],
    [
      'no list of products',
      JSON.stringify({ categories: [], collections: [] }),
      'products.json: products must be a list',
    ],
    [
      'a product without a title',
      file({ ...tin, title: ' ' }),
      'products.json: product 1 ("tin"): title must be a text that is not empty',
    ],
    [
      'a price as text',
      file(tin, { ...tin, handle: 'box', sku: 'BOX', price: '9' }),
      'products.json: product 2 ("box"): price must be a number, 0 or more',
    ],
    ['a negative price', file({ ...tin, price: -1 }), 'price must be a number, 0 or more'],
    ['half a piece in stock', file({ ...tin, stock: 0.5 }), 'stock must be a whole number, 0 or more'],
    [
      'a handle that is no address',
      file({ ...tin, handle: '../x' }),
      'products.json: product 1: handle must be lower-case letters, digits and dashes, not "../x"',
    ],
    ['an unknown category', file({ ...tin, category: 'garden' }), 'category "garden" is not in the list of categories'],
    [
      'an unknown collection',
      file({ ...tin, collection: 'new' }),
      'collection "new" is not in the list of collections',
    ],
    ['a handle twice', file(tin, { ...tin, sku: 'TIN-2' }), 'the handle "tin" is used twice'],
    ['a SKU twice', file(tin, { ...tin, handle: 'box' }), 'the sku "TIN" is used twice'],
    ['an empty list of variants', file({ ...tin, variants: [] }), 'variants must hold at least one'],
  ])('refuses %s with a sentence that names the place', (_, text, sentence) => {
    expect(() => parseCatalogue(text)).toThrow(BadInput);
    expect(() => parseCatalogue(text)).toThrow(sentence);
  });

  it('of the chart is read, with a picture for every product', () => {
    const { products } = parseCatalogue(readFileSync(join(chartFiles, 'products.json'), 'utf8'));
    expect(products.length).toBeGreaterThanOrEqual(12);
    for (const { handle } of products) expect(readFileSync(join(pictures, `${handle}.svg`), 'utf8')).toContain('<svg');
  });
});
