import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltImage } from '@urumi/images/build';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPlaces, type Places } from './places.ts';
import { writeStoreValues } from './store-values.ts';

let places: Places;
beforeAll(async () => {
  places = buildPlaces(await mkdtemp(join(tmpdir(), 'urumi-store-values-')));
});
afterAll(() => rm(places.state, { recursive: true }));

const built = (name: BuiltImage['name'], tag: string, template?: string): BuiltImage => ({
  name,
  ref: `localhost/urumi/${name}:${tag}`,
  tar: '',
  ...(template === undefined ? {} : { template }),
});
const read = async () => JSON.parse(await readFile(places.storeValues, 'utf8')) as Record<string, unknown>;

it('hold the port of this cluster, and every image with the template that it carries', async () => {
  await writeStoreValues(places, 9090);
  expect(await read()).toMatchObject({ images: { registry: 'localhost' }, exposure: { port: 9090, scheme: 'http' } });
  await writeStoreValues(places, 9090, [
    built('medusa-server', '2.21.2'),
    built('postgres-medusa', '2.21.2', 'medusa-2.21.2-EUR-0a1b2c3d'),
  ]);
  await writeStoreValues(places, 9090, [
    built('woocommerce', '11.0.1'),
    built('mariadb-woocommerce', '11.0.1', 'woocommerce-11.0.1-en_US-0a1b2c3d'),
  ]);
  const values = {
    medusa: {
      serverImage: { repository: 'urumi/medusa-server', tag: '2.21.2' },
      databaseImage: { repository: 'urumi/postgres-medusa', tag: '2.21.2' },
      template: 'medusa-2.21.2-EUR-0a1b2c3d',
    },
    woocommerce: {
      image: { repository: 'urumi/woocommerce', tag: '11.0.1' },
      databaseImage: { repository: 'urumi/mariadb-woocommerce', tag: '11.0.1' },
      template: 'woocommerce-11.0.1-en_US-0a1b2c3d',
    },
  };
  expect(await read()).toMatchObject(values);

  // A later start without the archive: shops that were made with it keep their images.
  await writeStoreValues(places, 9191);
  expect(await read()).toMatchObject({ ...values, exposure: { port: 9191 } });
});

it('take no image that no shop uses', async () => {
  await expect(writeStoreValues(places, 9090, [built('wordpress', '7.1.1')])).rejects.toThrow('wordpress');
});
