import type { Shop } from '../environment.ts';
import { find, link, runFlow, type Container } from '../medusa.ts';
import type { Settings, ShippingWay } from '../settings.ts';
import type { Store } from './store.ts';

export type Shipping = { stockLocationId: string; profileId: string };

type Fulfillment = {
  createFulfillmentSets: (set: Record<string, unknown>) => Promise<{ id: string }>;
};

type Place = { shop: Shop; settings: Settings; store: Store; region: string };

/**
 * One warehouse that ships to every country of the region, with each way of settings.json at a flat price.
 * Everything is looked up first, so a run that stopped half-way goes on where it stopped.
 */
export async function ensureShipping(
  container: Container,
  { shop, settings, store, region }: Place,
): Promise<Shipping> {
  const stockLocationId = await ensureStockLocation(container, settings, store);
  const profileId = await ensureProfile(container);
  const zoneId = await ensureServiceZone(container, settings, stockLocationId);
  await ensureOptions(container, { shop, settings, region, profileId, zoneId });
  return { stockLocationId, profileId };
}

async function ensureStockLocation(container: Container, { warehouse }: Settings, store: Store): Promise<string> {
  const [found] = await find<{ id: string }>(container, {
    entity: 'stock_location',
    fields: ['id'],
    filters: { name: warehouse.name },
  });
  const { address, city, country } = warehouse;
  const location =
    found ??
    (
      await runFlow<{ id: string }[]>(container, 'createStockLocationsWorkflow', {
        locations: [{ name: warehouse.name, address: { address_1: address, city, country_code: country } }],
      })
    )[0];
  if (location === undefined) throw new Error('Medusa made no stock location');
  await link(container, {
    stock_location: { stock_location_id: location.id },
    fulfillment: { fulfillment_provider_id: 'manual_manual' },
  });
  await link(container, {
    sales_channel: { sales_channel_id: store.salesChannelId },
    stock_location: { stock_location_id: location.id },
  });
  await runFlow(container, 'updateStoresWorkflow', {
    selector: { id: store.id },
    update: { default_location_id: location.id },
  });
  return location.id;
}

async function ensureProfile(container: Container): Promise<string> {
  const [found] = await find<{ id: string }>(container, {
    entity: 'shipping_profile',
    fields: ['id'],
    filters: { type: 'default' },
  });
  if (found !== undefined) return found.id;
  const [made] = await runFlow<{ id: string }[]>(container, 'createShippingProfilesWorkflow', {
    data: [{ name: 'Default', type: 'default' }],
  });
  if (made === undefined) throw new Error('Medusa made no shipping profile');
  return made.id;
}

async function ensureServiceZone(
  container: Container,
  { region, warehouse }: Settings,
  stockLocationId: string,
): Promise<string> {
  const name = `${warehouse.name} delivery`;
  const [found] = await find<{ id: string; fulfillment_set_id: string }>(container, {
    entity: 'service_zone',
    fields: ['id', 'fulfillment_set_id'],
    filters: { name },
  });
  if (found !== undefined) {
    await linkSet(container, stockLocationId, found.fulfillment_set_id);
    return found.id;
  }
  const set = await (container.resolve('fulfillment') as Fulfillment).createFulfillmentSets({
    name,
    type: 'shipping',
    service_zones: [
      { name, geo_zones: region.countries.map((country) => ({ country_code: country, type: 'country' })) },
    ],
  });
  await linkSet(container, stockLocationId, set.id);
  const [zone] = await find<{ id: string }>(container, { entity: 'service_zone', fields: ['id'], filters: { name } });
  if (zone === undefined) throw new Error('Medusa made no service zone');
  return zone.id;
}

async function linkSet(container: Container, stockLocationId: string, setId: string): Promise<void> {
  await link(container, {
    stock_location: { stock_location_id: stockLocationId },
    fulfillment: { fulfillment_set_id: setId },
  });
}

type OptionPlace = { shop: Shop; settings: Settings; region: string; profileId: string; zoneId: string };

async function ensureOptions(
  container: Container,
  { shop, settings, region, profileId, zoneId }: OptionPlace,
): Promise<void> {
  const existing = await find<{ name: string }>(container, {
    entity: 'shipping_option',
    fields: ['name'],
    filters: { service_zone_id: zoneId },
  });
  const names = new Set(existing.map(({ name }) => name));
  const missing = settings.shipping.filter((way) => !names.has(way.name));
  if (missing.length === 0) return;
  await runFlow(
    container,
    'createShippingOptionsWorkflow',
    missing.map((way) => ({
      ...toOption(way, shop.currency, region),
      service_zone_id: zoneId,
      shipping_profile_id: profileId,
    })),
  );
}

function toOption(
  { name, description, code, price }: ShippingWay,
  currency: string,
  region: string,
): Record<string, unknown> {
  return {
    name,
    price_type: 'flat',
    provider_id: 'manual_manual',
    type: { label: name, description, code },
    prices: [
      { currency_code: currency, amount: price },
      { region_id: region, amount: price },
    ],
    rules: [
      { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
      { attribute: 'is_return', value: 'false', operator: 'eq' },
    ],
  };
}
