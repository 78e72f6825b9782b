/** End-to-end scenarios: one real cluster at a time, one file after another, generous limits for slow machines. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@urumi/source'] },
  ssr: { resolve: { conditions: ['@urumi/source'], externalConditions: ['@urumi/source'] } },
  test: {
    name: 'e2e',
    include: ['**/*.e2e.spec.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 3_600_000,
    // A later step of a story proves nothing once an earlier one failed.
    bail: 1,
  },
});
