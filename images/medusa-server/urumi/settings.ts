/** What settings.json of the chart says: where the shop sells, from where and how it ships. Name and currency come from the chart's values. */
import { BadInput } from './cause.ts';
import { parseObject, toCountry, toHandle, toList, toObject, toPrice, toText } from './parse.ts';

export type ShippingWay = { code: string; name: string; description: string; price: number };

export type Settings = {
  region: { name: string; countries: string[] };
  warehouse: { name: string; address: string; city: string; country: string };
  shipping: ShippingWay[];
};

/**
 * @param text  content of settings.json
 * @throws BadInput with the place of the first fault
 */
export function parseSettings(text: string): Settings {
  const file = parseObject(text, 'settings.json');
  const region = toObject(file.region, 'settings.json: region');
  const warehouse = toObject(file.warehouse, 'settings.json: warehouse');
  const shipping = toList(file.shipping, 'settings.json: shipping').map(parseShippingWay);
  if (shipping.length === 0) throw new BadInput('settings.json: shipping must hold at least one way to ship');
  const countries = toList(region.countries, 'settings.json: region.countries').map((country, index) =>
    toCountry(country, `settings.json: region.countries[${index}]`),
  );
  if (countries.length === 0) throw new BadInput('settings.json: region.countries must hold at least one country');
  return {
    region: { name: toText(region.name, 'settings.json: region.name'), countries: [...new Set(countries)] },
    warehouse: {
      name: toText(warehouse.name, 'settings.json: warehouse.name'),
      address: toText(warehouse.address, 'settings.json: warehouse.address'),
      city: toText(warehouse.city, 'settings.json: warehouse.city'),
      country: toCountry(warehouse.country, 'settings.json: warehouse.country'),
    },
    shipping,
  };
}

function parseShippingWay(value: unknown, index: number): ShippingWay {
  const place = `settings.json: shipping[${index}]`;
  const way = toObject(value, place);
  return {
    code: toHandle(way.code, `${place}.code`),
    name: toText(way.name, `${place}.name`),
    description: toText(way.description, `${place}.description`),
    price: toPrice(way.price, `${place}.price`),
  };
}
