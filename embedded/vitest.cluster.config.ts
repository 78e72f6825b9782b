import { defineConfig } from 'vitest/config';

/** Real clusters: minutes, root, one after another. Apart from the unit tests, which run everywhere. */
export default defineConfig({
  test: {
    name: 'embedded-cluster',
    include: ['test/**/*.cluster.spec.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
