/** WooCommerce: WordPress with the shop plugin. The chart of this release refuses it; configuration lists it as unavailable. */
import type { EngineDescriptor } from './catalog.ts';

export const woocommerce: EngineDescriptor = {
  id: 'woocommerce',
  title: 'WooCommerce',
  description: 'WordPress with the most used shop plugin. Good for content and many extensions.',
  version: '10.5',
  adminPath: '/wp-admin/',
  probePath: '/shop/',
  probeMarker: (storeId) => `<meta name="urumi-store" content="${storeId}">`,
  productMarker: 'data-product_id="',
  footprint: {
    S: { memoryMiB: 416, storageGiB: 4 },
    M: { memoryMiB: 896, storageGiB: 15 },
    L: { memoryMiB: 2048, storageGiB: 60 },
  },
};
