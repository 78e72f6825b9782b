/** The values of shops on simulated nodes: images that need not exist, and that make their pods behave as a test wants. */
import type { Behaviour } from '@urumi/embedded/simulated/behaviour';
import type { Places } from '@urumi/scripts/launcher/places';
import { writeStoreValues } from '@urumi/scripts/launcher/store-values';
import { changeStoreValues, type Values } from './store-values.ts';

/** Where the chart takes each image. `server` runs Medusa's set-up Job too, `web` WooCommerce's. */
const imageValues = {
  server: ['medusa', 'serverImage'],
  storefront: ['medusa', 'storefrontImage'],
  'medusa-database': ['medusa', 'databaseImage'],
  web: ['woocommerce', 'image'],
  'woocommerce-database': ['woocommerce', 'databaseImage'],
} as const;

export type ImagePart = keyof typeof imageValues;

const repositories: Readonly<Record<ImagePart, string>> = {
  server: 'urumi/medusa-server',
  storefront: 'urumi/medusa-storefront',
  'medusa-database': 'urumi/postgres-medusa',
  web: 'urumi/woocommerce',
  'woocommerce-database': 'urumi/mariadb-woocommerce',
};

/** As an operator's archive would have given it. */
const pluginVersion = '10.0.0';

type Section = Readonly<Record<string, unknown>>;

export async function writeSimulatedValues(places: Places, ingressPort: number): Promise<void> {
  await writeStoreValues(places, ingressPort, [
    { name: 'woocommerce', ref: `localhost/${repositories.web}:${pluginVersion}`, tar: '' },
    { name: 'mariadb-woocommerce', ref: `localhost/${repositories['woocommerce-database']}:${pluginVersion}`, tar: '' },
  ]);
}

/**
 * Every release from now on gets images whose pods behave so; stores that are there change with their next release.
 * @returns puts back what was there before
 */
export function changeBehaviour(
  { places }: { readonly places: Places },
  behaviours: Readonly<Partial<Record<ImagePart, Behaviour>>>,
): Promise<() => Promise<void>> {
  return changeStoreValues({ places }, (values) => {
    let changed: Values = values;
    for (const [part, behaviour] of Object.entries(behaviours) as [ImagePart, Behaviour][]) {
      const [engine, key] = imageValues[part];
      const section = toSection(changed[engine]);
      const repository = toRepository(repositories[part], behaviour);
      changed = { ...changed, [engine]: { ...section, [key]: { ...toSection(section[key]), repository } } };
    }
    return changed;
  });
}

/** Below `urumi/`, where the installation's policy allows images: that control stays in force. */
function toRepository(repository: string, behaviour: Behaviour): string {
  return behaviour === 'well' ? repository : repository.replace('/', `/simulated-${behaviour}/`);
}

function toSection(value: unknown): Section {
  return typeof value === 'object' && value !== null ? (value as Section) : {};
}
