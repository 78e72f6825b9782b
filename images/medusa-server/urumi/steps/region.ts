import type { Shop } from '../environment.ts';
import { find, runFlow, type Container } from '../medusa.ts';
import type { Settings } from '../settings.ts';

/**
 * Where the shop sells. Payment is Medusa's manual provider: the shopper pays on delivery and nothing is charged.
 *
 * @returns the region's id
 */
export async function ensureRegion(
  container: Container,
  { shop, settings: { region } }: { shop: Shop; settings: Settings },
): Promise<string> {
  const [found] = await find<{ id: string }>(container, {
    entity: 'region',
    fields: ['id'],
    filters: { name: region.name },
  });
  if (found !== undefined) return found.id;
  const [made] = await runFlow<{ id: string }[]>(container, 'createRegionsWorkflow', {
    regions: [
      {
        name: region.name,
        currency_code: shop.currency,
        countries: region.countries,
        payment_providers: ['pp_system_default'],
      },
    ],
  });
  if (made === undefined) throw new Error('Medusa made no region');
  return made.id;
}
