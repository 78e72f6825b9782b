/**
 * Brings Urumi up as it runs elsewhere: the embedded cluster, and Urumi in it, installed by its own chart. Used by
 * `start.sh --in-cluster` and by the end-to-end tests.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { NodeKind } from '@urumi/embedded/cluster/options';
import type { Cluster } from '@urumi/embedded/cluster/up';
import type { ImageName } from '@urumi/images/build';
import { awaitOpen } from './await-open.ts';
import { forgetEverything, stopCluster } from './cluster-home.ts';
import { bringUpWithImages, shopImages } from './cluster-with-images.ts';
import type { Places } from './places.ts';
import { installPlatformChart, readAdminToken, release } from './platform-chart.ts';
import { assertPortsFree } from './ports.ts';
import { ProgressBoard } from './progress-board.ts';

export interface InClusterOptions {
  /** Of a state folder that no other way of running uses: the records are in the cluster. */
  readonly places: Places;
  readonly storage: 'durable' | 'memory';
  readonly ingressPort: number;
  /** Real ones unless given. */
  readonly nodes?: NodeKind;
  /** Of the shops, made and loaded; all that every installation can make unless given. Simulated shops need none. */
  readonly shopImages?: readonly ImageName[];
  /** Removes stores, orders and records of earlier runs first. */
  readonly fresh: boolean;
  /** Values of the chart over those of this machine. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface InCluster {
  readonly url: string;
  readonly token: string;
  readonly cluster: Cluster;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

/** @throws Error with a sentence for people; what was started before is stopped again */
export async function startInCluster(options: InClusterOptions): Promise<InCluster> {
  const { places, ingressPort, shopImages: ofShops = shopImages, signal, say } = options;
  await mkdir(places.state, { recursive: true, mode: 0o700 });
  // Whatever still runs from this folder belongs to a dead run: the caller sees to it that nobody else uses it.
  await stopCluster(options);
  if (options.fresh || existsSync(places.forgetting)) await forgetEverything(options);
  await assertPortsFree([[ingressPort, '--shop-port']]);
  // Nothing asks while there is no api.
  const board = new ProgressBoard(() => Promise.resolve(), say);
  try {
    const names = ['urumi', 'redis', ...ofShops] as const;
    const { cluster, images, newImages } = await bringUpWithImages(options, names, board, signal);
    say(`Installing Urumi into namespace ${release.namespace}`);
    await installPlatformChart(cluster, {
      ingressPort,
      shopImages: images.filter(({ name }) => ofShops.includes(name)),
      isNewImage: newImages.has('urumi'),
      ...(options.values === undefined ? {} : { values: options.values }),
      signal,
    });
    const token = await readAdminToken(cluster);
    await awaitOpen({ port: ingressPort, host: release.host, token }, signal);
    return {
      url: `http://${release.host}:${ingressPort}`,
      token,
      cluster,
      stop: () => stopCluster(options),
    };
  } catch (error) {
    await stopCluster(options);
    throw error;
  }
}
