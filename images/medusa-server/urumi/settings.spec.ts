import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadInput } from './cause.ts';
import { parseSettings } from './settings.ts';

const good = {
  region: { name: 'Europe', countries: ['DE', 'fr', 'de'] },
  warehouse: { name: 'Harbour', address: 'Quay 7', city: 'Hamburg', country: 'de' },
  shipping: [{ code: 'standard', name: 'Standard', description: 'By post.', price: 4.9 }],
};

describe('settings.json', () => {
  it('names each country once, in lower case', () => {
    expect(parseSettings(JSON.stringify(good)).region.countries).toEqual(['de', 'fr']);
  });

  it.each<[string, unknown, string]>([
    ['no region', { ...good, region: undefined }, 'settings.json: region must be an object'],
    ['no country', { ...good, region: { name: 'x', countries: [] } }, 'must hold at least one country'],
    [
      'a country by name',
      { ...good, region: { name: 'x', countries: ['Germany'] } },
      'countries[0] must be a two-letter country code',
    ],
    ['no way to ship', { ...good, shipping: [] }, 'must hold at least one way to ship'],
    [
      'a price as text',
      { ...good, shipping: [{ ...good.shipping[0], price: '5' }] },
      'shipping[0].price must be a number',
    ],
  ])('refuses %s', (_, settings, sentence) => {
    expect(() => parseSettings(JSON.stringify(settings))).toThrow(BadInput);
    expect(() => parseSettings(JSON.stringify(settings))).toThrow(sentence);
  });

  it('of the chart is read', () => {
    const path = join(import.meta.dirname, '../../../charts/ecommerce-store/files/medusa/settings.json');
    expect(parseSettings(readFileSync(path, 'utf8')).shipping.length).toBeGreaterThan(0);
  });
});
