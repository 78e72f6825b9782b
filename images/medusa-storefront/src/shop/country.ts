/** The country a new cart starts with, until the shopper chooses: the shop's own if it delivers there. Pure. */
import type { Region } from '../medusa/regions.ts';

export function defaultCountry(region: Region, locale: string): string | null {
  const home = new Intl.Locale(locale).region?.toLowerCase();
  const country = region.countries.find(({ code }) => code === home) ?? region.countries[0];
  return country?.code ?? null;
}
