/** Tests of the api. `libs/shared` is read from source, so no build is needed first. */
import { defineConfig } from 'vitest/config';

const conditions = ['@urumi/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@urumi/source', 'node'] } },
  test: {
    name: 'api',
    include: ['src/**/*.spec.ts'],
    setupFiles: ['src/testing/setup.ts'],
    clearMocks: true,
    // Every file brings its own Redis and app; loading Nest once per worker halves the time.
    isolate: false,
    testTimeout: 20_000,
  },
});
