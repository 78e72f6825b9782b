/**
 * WordPress without the shop plugin, through everything that a WooCommerce store goes through: same chart, same images but
 * for the plugin, same set-up. Urumi itself never offers it; the scenarios set the values by hand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages, type BuiltImage } from '@urumi/images/build';
import type { TestPlatform } from './platform.ts';

/** Loads the images and makes the platform take `woocommerce` stores that are plain WordPress. */
export async function offerWordPress(t: TestPlatform): Promise<void> {
  const images = await buildImages(['wordpress', 'mariadb-wordpress']);
  for (const { tar } of images) await t.cluster.loadImage(tar);
  const [web, database] = images;
  if (web === undefined || database === undefined) throw new Error('the images were not built');
  await changeStoreValues(t, {
    woocommerce: {
      plugin: false,
      image: toImageValue(web),
      databaseImage: toImageValue(database),
      template: database.template,
    },
  });
  t.overrides.api = { URUMI_ENGINES_UNAVAILABLE: '{}' };
  await t.restart('api');
}

/** Puts `changes` over the values that every store gets; the worker reads them at its next attempt. */
export async function changeStoreValues(t: TestPlatform, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const now = t.overrides.worker?.['STORE_VALUES_FILE'] ?? t.places.storeValues;
  const values = JSON.parse(await readFile(now, 'utf8')) as Record<string, unknown>;
  const file = join(t.places.state, `store-values-${performance.now()}.json`);
  await writeFile(file, JSON.stringify({ ...values, ...changes }));
  t.overrides.worker = { ...t.overrides.worker, STORE_VALUES_FILE: file };
  await t.restart('worker');
}

function toImageValue({ ref }: BuiltImage): { repository: string; tag: string } {
  const [, repository = '', tag = ''] = /^localhost\/(.+):([^:]+)$/.exec(ref) ?? [];
  return { repository, tag };
}
