/**
 * The chart values that every shop of this installation gets: the chart's local values with this cluster's own port and
 * the images that were made for it. The worker reads them for each release.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltImage, ImageName } from '@urumi/images/build';
import { parse } from 'yaml';
import { projectFolder, type Places } from './places.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';

type Section = Record<string, unknown>;

/** Where the chart takes each image. */
const valueOfImage: Readonly<Partial<Record<ImageName, readonly [engine: string, key: string]>>> = {
  'medusa-server': ['medusa', 'serverImage'],
  'medusa-storefront': ['medusa', 'storefrontImage'],
  'postgres-medusa': ['medusa', 'databaseImage'],
  woocommerce: ['woocommerce', 'image'],
  'mariadb-woocommerce': ['woocommerce', 'databaseImage'],
};

/**
 * @param images  replace those of the same names; the others stay as the file has them, for stores that use them
 * @throws Error for an image that no shop uses
 */
export async function writeStoreValues(
  places: Places,
  ingressPort: number,
  images: readonly BuiltImage[] = [],
): Promise<void> {
  const known: Section = JSON.parse((await readIfThere(places.storeValues)) ?? '{}');
  const values = await buildStoreValues(ingressPort, images, known);
  await writePrivateFile(places.storeValues, `${JSON.stringify(values, null, 2)}\n`);
}

/**
 * @param known  values of before, whose images stay where no other of the name is given
 * @throws Error for an image that no shop uses
 */
export async function buildStoreValues(
  ingressPort: number,
  images: readonly BuiltImage[],
  known: Section = {},
): Promise<Section> {
  const file = join(projectFolder, 'charts', 'ecommerce-store', 'values-local.yaml');
  const local: Section = parse(await readFile(file, 'utf8'));
  const values: Section = {
    ...local,
    exposure: { ...toSection(local['exposure']), port: ingressPort },
  };
  for (const engine of ['medusa', 'woocommerce']) {
    const section = { ...toSection(local[engine]), ...toSection(known[engine]) };
    if (Object.keys(section).length > 0) values[engine] = section;
  }
  for (const image of images) {
    const place = valueOfImage[image.name];
    if (place === undefined) throw new Error(`no shop uses the image ${image.name}`);
    const [engine, key] = place;
    values[engine] = {
      ...toSection(values[engine]),
      [key]: toImageValue(image.ref),
      ...(image.template === undefined ? {} : { template: image.template }),
    };
  }
  return values;
}

function toSection(value: unknown): Section {
  return typeof value === 'object' && value !== null ? (value as Section) : {};
}

/** `localhost/urumi/web:1.2` without its registry, which the chart's local values name for all. */
function toImageValue(ref: string): Section {
  const [, repository, tag] = /^localhost\/(.+):([^:/]+)$/.exec(ref) ?? [];
  if (repository === undefined || tag === undefined) throw new Error(`${ref} is not an image made on this machine`);
  return { repository, tag };
}
