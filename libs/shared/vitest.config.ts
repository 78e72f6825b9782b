import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@urumi/source'] },
  ssr: { resolve: { conditions: ['@urumi/source'], externalConditions: ['@urumi/source'] } },
  test: { name: 'shared', include: ['src/**/*.spec.ts'], clearMocks: true },
});
