/** Nothing moves under the hand: a busy list, watched in a real browser, keeps its places, its order and the focus. */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, visit } from './browser.ts';
import { startFixtureServer } from './fixture-server.ts';
import { buildStatus, buildStore, buildSteps, secondsAgo } from './fixtures.ts';
import { buildWorld } from './world.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const name = (index: number) => `Store number ${index}`;

function buildMovingStores(round: number) {
  return Array.from({ length: 20 }, (_, index) =>
    buildStore({
      id: `s${String(index).padStart(7, '0')}`,
      name: name(index),
      createdAt: secondsAgo(30 + index),
      ...((index + round) % 3 === 0
        ? { status: buildStatus('ready', 'Healthy', 1, true) }
        : { status: buildStatus('provisioning', 'AwaitingWorkloads', 5), steps: buildSteps((index + round) % 6) }),
    }),
  );
}

it('20 changing stores: no shift, the focus stays, new rows wait', async () => {
  const world = buildWorld({ stores: buildMovingStores(0) });
  const server = await startFixtureServer(world, dist);
  const { page, context } = await visit(browser, { theme: 'light', width: 1440 });
  try {
    await page.goto(`${server.origin}/stores`);
    await page.getByRole('link', { name: name(3), exact: true }).focus();
    await page.evaluate(() => {
      const seen = { shift: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) seen.shift += entry.value;
      }).observe({ type: 'layout-shift' });
    });
    for (let round = 1; round <= 6; round += 1) {
      const fresh = buildStore({ id: `n000000${round}`, name: `New ${round}` });
      world.stores = [fresh, ...buildMovingStores(round)];
      await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
      await page.waitForTimeout(700);
    }
    await page.getByRole('button', { name: /Show \d+ new/ }).waitFor();
    expect(await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift)).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name(3));
    const shown = await page.locator('.row-link').allTextContents();
    expect(shown).toEqual(Array.from({ length: 20 }, (_, index) => name(index)));
  } finally {
    await context.close();
    await server.close();
  }
});

it('the theme stands before the first paint, and a choice outlasts a reload', async () => {
  const server = await startFixtureServer(buildWorld(), dist);
  const { page, context } = await visit(browser, { theme: 'light', width: 1440 });
  try {
    await page.goto(`${server.origin}/stores`);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await page.getByRole('button', { name: 'Your menu' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.documentElement.dataset['theme'] !== undefined);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  } finally {
    await context.close();
    await server.close();
  }
});

it('an idle page asks at most 12 times a minute', async () => {
  const world = buildWorld({ stores: [buildStore()] });
  const server = await startFixtureServer(world, dist);
  const { page, context } = await visit(browser, { theme: 'light', width: 1440 });
  try {
    await page.goto(`${server.origin}/stores/k7m2qpl4`);
    await page.getByText('Facts').waitFor();
    await page.waitForTimeout(1_000);
    const before = world.calls.length;
    await page.waitForTimeout(32_000);
    expect(world.calls.length - before).toBeLessThanOrEqual(6);
  } finally {
    await context.close();
    await server.close();
  }
});
