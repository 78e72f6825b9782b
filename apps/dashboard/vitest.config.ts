/**
 * Three kinds of tests: pure (`*.spec.ts`, Node), pages (`*.page.spec.tsx`, jsdom with a small api behind msw) and the built
 * dashboard in a real browser (`*.browser.spec.ts`).
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const conditions = ['@urumi/source', 'import', 'module', 'browser', 'default'];

export default defineConfig({
  plugins: [react()],
  resolve: { conditions },
  // Tests in Node resolve by these: without them they would read the last build of libs/shared, not its source.
  ssr: {
    resolve: {
      conditions: ['@urumi/source', 'import', 'module', 'node', 'default'],
      externalConditions: ['@urumi/source', 'node'],
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'dashboard',
          environment: 'node',
          include: ['src/**/*.spec.ts'],
          exclude: ['src/**/*.{page,browser}.spec.ts'],
          env: { TZ: 'UTC' },
        },
      },
      {
        extends: true,
        test: {
          name: 'dashboard-page',
          environment: 'jsdom',
          include: ['src/**/*.page.spec.{ts,tsx}'],
          setupFiles: ['src/testing/setup.ts'],
          testTimeout: 30_000,
          env: { TZ: 'UTC' },
        },
      },
      {
        extends: true,
        test: {
          name: 'dashboard-browser',
          environment: 'node',
          include: ['src/**/*.browser.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
