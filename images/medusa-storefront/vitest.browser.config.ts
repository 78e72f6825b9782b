import { defineConfig } from 'vitest/config';

/** Tests that open the pages in Debian's Chromium: accessibility and layout. */
export default defineConfig({
  test: {
    name: 'medusa-storefront-browser',
    include: ['test/**/*.browser.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
