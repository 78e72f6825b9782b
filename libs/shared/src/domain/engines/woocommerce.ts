/** WooCommerce: WordPress with the shop plugin, whose archive the operator of an installation gives. */
import type { EngineDescriptor } from './catalog.ts';

export const woocommerce: EngineDescriptor = {
  id: 'woocommerce',
  title: 'WooCommerce',
  description: 'WordPress with the most used shop plugin. Good for content and many extensions.',
  version: null,
  adminPath: '/wp-admin/',
  workloads: ['web'],
  probePath: '/',
  probeMarker: (storeId) => `<meta name="urumi-store" content="${storeId}">`,
  productMarker: 'data-product_id="',
  footprint: {
    S: { memoryMiB: 416, storageGiB: 4 },
    M: { memoryMiB: 896, storageGiB: 15 },
    L: { memoryMiB: 2048, storageGiB: 60 },
  },
};
