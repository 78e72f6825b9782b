/** The embedded cluster with images in it: both are made side by side, then the one is loaded into the other. */
import { up, type Cluster } from '@urumi/embedded/cluster/up';
import { buildImages, type BuiltImage, type ImageName } from '@urumi/images/build';
import { bootstrapCluster } from './bootstrap-cluster.ts';
import { toClusterRequest, type ClusterHome } from './cluster-home.ts';
import type { ProgressBoard } from './progress-board.ts';

/** What every installation can make; WooCommerce needs an archive that the operator gives. */
export const shopImages: readonly ImageName[] = ['medusa-server', 'medusa-storefront', 'postgres-medusa'];

export interface ClusterWithImages {
  readonly cluster: Cluster;
  readonly images: readonly BuiltImage[];
  /** Names of the images that the cluster had not had before, or not this content of them. */
  readonly newImages: ReadonlySet<ImageName>;
}

/** The cluster ends with this process. @throws Error that says what could not be made, the abort reason */
export async function bringUpWithImages(
  home: ClusterHome,
  names: readonly ImageName[],
  board: ProgressBoard,
  signal: AbortSignal,
): Promise<ClusterWithImages> {
  board.update('cluster', { label: 'Installing what the cluster needs', fraction: 0, secondsLeft: null });
  await bootstrapCluster(signal);
  const [cluster, images] = await Promise.all([
    up(
      { ...toClusterRequest(home), owner: 'caller' },
      {
        signal,
        onProgress: ({ label, percent, secondsLeft }) =>
          board.update('cluster', { label, fraction: percent / 100, secondsLeft }),
      },
    ),
    buildImages(names, {
      signal,
      onProgress: ({ text, done, total }) =>
        board.update('images', { label: text, fraction: done / Math.max(1, total), secondsLeft: null }),
    }),
  ]);
  board.update('cluster', { label: 'Cluster', fraction: 1, secondsLeft: 0 });
  board.update('images', { label: 'Images', fraction: 1, secondsLeft: 0 });
  const newImages = new Set<ImageName>();
  for (const [index, image] of images.entries()) {
    board.update('load', {
      label: `Loading ${image.name}`,
      fraction: index / images.length,
      secondsLeft: 8 * (images.length - index),
    });
    const { isNew } = await cluster.loadImage(image.tar, signal);
    if (isNew) newImages.add(image.name);
  }
  return { cluster, images, newImages };
}
