/** Offers WooCommerce on this machine: the keeper with the real archive check, images, cluster and record. */
import type { Cluster } from '@urumi/embedded/cluster/up';
import { buildImages } from '@urumi/images/build';
import { checkPluginArchive } from '@urumi/images/plugin-archive';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { Places } from '../places.ts';
import { writeStoreValues } from '../store-values.ts';
import { keepEngine, type EngineKeeper } from './keeper.ts';
import { readSettings } from './settings.ts';

export interface OfferOptions {
  readonly places: Places;
  readonly ingressPort: number;
  /** Read where the settings file is absent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly repository: StoreRepository;
  readonly cluster: {
    readonly countStarts: () => number;
    /** Resolves when it takes stores. */
    readonly newest: () => Promise<Cluster>;
  };
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const sayEveryMs = 5_000;

export function offerWooCommerce({
  places,
  ingressPort,
  env,
  repository,
  cluster,
  say,
  signal,
}: OfferOptions): EngineKeeper {
  return keepEngine({
    look: async () => {
      const settings = await readSettings(places.woocommerce, env);
      // A cluster that was started again has to get the images again.
      return { ...settings, key: `${cluster.countStarts()} ${settings.key}` };
    },
    check: (source, ending) => checkPluginArchive(source, { signal: ending }),
    provide: async (plugin, ending) => {
      // Medusa is usable first: the images wait for the cluster, whose making needs the cores.
      const target = await cluster.newest();
      const images = await buildImages(['woocommerce', 'mariadb-woocommerce'], {
        plugin,
        signal: ending,
        onProgress: tellNowAndThen(say),
      });
      for (const image of images) await target.loadImage(image.tar, ending);
      ending.throwIfAborted();
      await writeStoreValues(places, ingressPort, images);
    },
    publish: (state) => repository.writeEngineAvailability({ woocommerce: state }),
    instruction: `Name it in ${places.woocommerce}: {"plugin": "<path or URL>"}. No restart is needed.`,
    say,
    signal,
  });
}

function tellNowAndThen(
  say: (line: string) => void,
): (progress: { text: string; done: number; total: number }) => void {
  let saidAt = -Infinity;
  return ({ text, done, total }) => {
    if (performance.now() - saidAt < sayEveryMs) return;
    saidAt = performance.now();
    say(`WooCommerce ${Math.floor((100 * done) / Math.max(1, total))} %: ${text}`);
  };
}
