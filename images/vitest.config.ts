import { defineConfig } from 'vitest/config';

/**
 * Unit tests beside the source, where nothing is built or downloaded. `test/*.cluster.spec.ts` runs the built images
 * without a cluster: it needs root and builds what is missing.
 */
export const config = defineConfig({
  test: {
    name: 'images',
    include: ['lib/**/*.spec.ts', 'medusa-server/**/*.spec.ts', 'test/**/*.spec.ts'],
    clearMocks: true,
  },
});

// Vitest reads the configuration from the default export only.
export default config;
