/**
 * Every sight in a real browser, light and dark, wide and narrow: the policy holds, the console is quiet, axe finds nothing,
 * nothing sticks out sideways. Pictures go to `shots/` (not committed) for the eye. `SHOTS=stores,create` picks some.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, visit } from './browser.ts';
import { startFixtureServer } from './fixture-server.ts';
import { sights, type Sight } from './sights.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const chosen = process.env['SHOTS']?.split(',');
const widths = [1440, 320] as const;

let browser: Browser;
let axeSource: string;

beforeAll(async () => {
  await stat(`${root}dist/index.html`).catch(() => {
    throw new Error('Build the dashboard first: pnpm --filter @urumi/dashboard build');
  });
  await mkdir(`${root}shots`, { recursive: true });
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await launchBrowser();
});

afterAll(() => browser.close());

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const rows = sights.filter((sight) => chosen === undefined || chosen.some((part) => sight.name.startsWith(part)));
  it.each(rows)('$name can be read by everyone', async (sight) => {
    await Promise.all(widths.map((width) => look(sight, theme, width)));
  });
});

async function look(sight: Sight, theme: 'light' | 'dark', width: number): Promise<void> {
  const world = sight.world();
  const server = await startFixtureServer(world, `${root}dist`);
  const { page, context, faults } = await visit(browser, { theme, width, signedIn: sight.signedIn ?? true });
  try {
    await page.goto(`${server.origin}${sight.path}`);
    await sight.prepare?.(page, world);
    await page.getByText(sight.shows).first().waitFor({ state: 'attached', timeout: 10_000 });
    await page.waitForTimeout(450);
    await drawAll(page);
    // What floats over the page belongs to the window, not to the whole length of the page.
    const floats = await page.locator('[role=dialog], [role=menu]').count();
    await page.screenshot({ path: `${root}shots/${sight.name}-${theme}-${width}.png`, fullPage: floats === 0 });
    expect(await findSidewaysOverflow(page), 'wider than the screen').toBeLessThanOrEqual(0);
    expect(await runAxe(page)).toEqual([]);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
    await server.close();
  }
}

/** Rows below the window are drawn when they come near; the picture wants them now. */
async function drawAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('[role=row], li'))
      element.style.contentVisibility = 'visible';
  });
}

/** Pixels by which the page is wider than its window. */
function findSidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function runAxe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
  });
}
