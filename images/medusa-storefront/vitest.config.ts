import { defineConfig } from 'vitest/config';

/** Unit and integration tests: no browser, no network beyond loopback. */
export default defineConfig({
  test: {
    name: 'medusa-storefront',
    include: ['test/**/*.spec.ts'],
    exclude: ['test/**/*.browser.spec.ts'],
    clearMocks: true,
  },
});
