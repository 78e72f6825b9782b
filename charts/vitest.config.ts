import { defineConfig } from 'vitest/config';

const conditions = ['@urumi/source'];

/** `*.chart.spec.ts` render with the real helm: each test is a process, so the limits are wide. */
export const config = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'charts',
    include: ['*/tests/**/*.chart.spec.ts', 'scripts/**/*.spec.ts'],
    clearMocks: true,
    // The files share nothing but pure functions.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

// Vitest reads the configuration from the default export only.
export default config;
