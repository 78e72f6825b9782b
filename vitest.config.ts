/**
 * All tests of the workspace but the end-to-end scenarios (`e2e/`). File names tell what a test needs: `*.spec.ts`
 * nothing, `*.int.spec.ts` Redis and processes, `*.browser.spec.ts` Chromium, `*.cluster.spec.ts` root and a real node.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The dashboard has projects of its own, for a simulated and for a real browser: it is run from its folder.
    projects: [
      'libs/*',
      'apps/{api,worker,reconciler}',
      'charts',
      'embedded',
      'images',
      'images/medusa-storefront',
      'scripts',
      'bench',
    ],
  },
});
