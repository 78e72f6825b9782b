import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'embedded', include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'], exclude: ['**/*.cluster.spec.ts'] },
});
