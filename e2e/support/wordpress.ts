/**
 * WordPress without the shop plugin, through everything that a WooCommerce store goes through: same chart, same images but
 * for the plugin, same set-up. Urumi itself never offers it; the scenarios set the values by hand.
 */
import { buildImages, type BuiltImage } from '@urumi/images/build';
import type { TestPlatform } from './platform.ts';
import { changeStoreValues } from './store-values.ts';

/** Loads the images and makes the platform take `woocommerce` stores that are plain WordPress. */
export async function offerWordPress(t: TestPlatform): Promise<void> {
  const images = await buildImages(['wordpress', 'mariadb-wordpress']);
  for (const { tar } of images) await t.cluster.loadImage(tar);
  const [web, database] = images;
  if (web === undefined || database === undefined) throw new Error('the images were not built');
  const woocommerce = {
    plugin: false,
    image: toImageValue(web),
    databaseImage: toImageValue(database),
    template: database.template,
  };
  await changeStoreValues(t, (values) => ({ ...values, woocommerce }));
  t.overrides.api = { URUMI_ENGINES_UNAVAILABLE: '{}' };
  await t.restart('api');
}

function toImageValue({ ref }: BuiltImage): { repository: string; tag: string } {
  const [, repository = '', tag = ''] = /^localhost\/(.+):([^:]+)$/.exec(ref) ?? [];
  return { repository, tag };
}
