/** Medusa: headless commerce server with our own storefront in front of it. */
import type { EngineDescriptor } from './catalog.ts';

export const medusa: EngineDescriptor = {
  id: 'medusa',
  title: 'Medusa',
  description: 'Modern commerce server with a fast storefront. Good for custom shops.',
  version: '2.21.2',
  adminPath: '/app',
  workloads: ['server', 'storefront'],
  probePath: '/',
  probeMarker: (storeId) => `<meta name="urumi-store" content="${storeId}">`,
  productMarker: 'data-product="',
  footprint: {
    S: { memoryMiB: 640, storageGiB: 4 },
    M: { memoryMiB: 960, storageGiB: 15 },
    L: { memoryMiB: 1888, storageGiB: 60 },
  },
};
