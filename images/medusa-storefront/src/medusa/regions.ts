/** The region a shop sells in: its currency and the countries it delivers to. */
import type { Backend } from './client.ts';
import { BackendError } from './client.ts';
import { readList, readObject, readText, readTextOrNull } from './read.ts';

export interface Country {
  /** ISO 3166-1 alpha-2, lower case, as Medusa writes it. */
  readonly code: string;
  readonly name: string;
}

export interface Region {
  readonly id: string;
  readonly currency: string;
  readonly countries: readonly Country[];
}

/** The region of the shop's currency, else the first. @throws BackendError `away` while there is none */
export async function readRegion(backend: Backend, currency: string): Promise<Region> {
  const answer = await backend.get('/store/regions', { query: { limit: '50' } });
  const regions = readList(readObject(answer, 'regions'), 'regions', (region) => ({
    id: readText(region, 'id'),
    currency: readText(region, 'currency_code'),
    countries: readList(region, 'countries', (country) => ({
      code: readText(country, 'iso_2'),
      name: readTextOrNull(country, 'display_name') ?? readText(country, 'iso_2').toUpperCase(),
    })),
  }));
  const region = regions.find((one) => one.currency === currency) ?? regions[0];
  if (region === undefined) throw new BackendError('away', 'no-region', 'The shop has no region yet');
  return region;
}
