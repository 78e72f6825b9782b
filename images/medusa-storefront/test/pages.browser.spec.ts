/**
 * Opens every page in Chromium, light and dark, wide and as on a phone: no accessibility violation, no sideways
 * scrolling, nothing the content security policy had to stop. With `SHOTS_DIR` set it keeps a picture of each.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FakeMedusa } from './support/fake-medusa.ts';
import type { Storefront } from './support/storefront.ts';
import { startFakeMedusa } from './support/fake-medusa.ts';
import { startStorefront } from './support/storefront.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const shotsFolder = process.env['SHOTS_DIR'];
/** Pictures to show instead of those of the image. */
const mediaFolder = process.env['MEDIA_DIR'];

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 360, height: 760 } },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 320, height: 700 } },
] as const;

interface AxeRun {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

describe.skipIf(!existsSync(executablePath))('every page', () => {
  let medusa: FakeMedusa;
  let storefront: Storefront;
  let browser: Browser;

  beforeEach(async () => {
    medusa = await startFakeMedusa();
    storefront = await startStorefront({
      medusaUrl: medusa.url,
      ...(mediaFolder === undefined ? {} : { mediaFolder }),
    });
  });

  afterEach(async () => {
    await storefront.close();
    await medusa.close();
  });

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  });

  afterAll(async () => {
    await browser.close();
  });

  test.each(looks)('$name', async ({ name, colorScheme, viewport }) => {
    const context = await browser.newContext({ colorScheme, viewport, baseURL: storefront.origin });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    const look = (step: string) => check(page, `${step}-${name}`);

    await page.goto('/');
    await look('1-shop');
    await page.goto('/?category=garden');
    await look('1-shop-empty-category');
    await page.goto('/products/olive-wood-board');
    await look('2-product-sold-out');
    await page.goto('/products/stoneware-mug');
    await page.getByText('Moss').click();
    await look('2-product');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.goto('/products/beeswax-candle');
    await page.getByLabel('Quantity').fill('2');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await look('3-cart');
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await look('4-checkout');
    await page.getByRole('button', { name: 'Place order' }).click();
    // The answer's script moves the focus once the page is there.
    await expect
      .poll(() => page.evaluate<string | null>('document.activeElement?.getAttribute("role") ?? null'), {
        timeout: 10_000,
      })
      .toBe('alert');
    await look('4-checkout-faults');
    await fillCheckout(page);
    await page.getByText('Express').click();
    expect(await page.locator('[data-show=total]').textContent()).toBe('€45.00');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.waitForURL('**/order/*');
    await look('5-order');
    await page.goto('/cart');
    await look('3-cart-empty');
    await page.goto('/nothing-here');
    await look('6-not-found');
    await lookAway(context, medusa, name);
    expect(complaints.filter((text) => !text.includes('404') && !text.includes('422'))).toEqual([]);
    await context.close();
  });

  test('works without JavaScript, by keyboard alone', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: storefront.origin });
    const page = await context.newPage();
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to content');
    await page.getByRole('link', { name: 'Wool Throw' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Quantity').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/cart?note=added');
    await page.getByRole('link', { name: 'Go to checkout' }).focus();
    await page.keyboard.press('Enter');
    await fillCheckout(page);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/order/*');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Thank you, your order is placed');
    await context.close();
  });

  test('a double click on Place order makes one order', async () => {
    const context = await browser.newContext({ baseURL: storefront.origin });
    const page = await context.newPage();
    await page.goto('/products/wool-throw');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.goto('/checkout');
    await fillCheckout(page);
    const before = medusa.orders.length;
    await page.getByRole('button', { name: 'Place order' }).dblclick();
    await page.waitForURL('**/order/*');
    expect(medusa.orders.length).toBe(before + 1);
    await context.close();
  });

  async function lookAway(context: BrowserContext, backend: FakeMedusa, name: string): Promise<void> {
    const starting = await startStorefront({ medusaUrl: backend.url });
    backend.isSetUp = false;
    const page = await context.newPage();
    await page.goto(starting.origin);
    await check(page, `7-starting-${name}`);
    await page.close();
    backend.isSetUp = true;
    await starting.close();
  }
});

async function fillCheckout(page: Page): Promise<void> {
  for (const [label, value] of [
    ['Email', 'ada@example.com'],
    ['First name', 'Ada'],
    ['Last name', 'Lovelace'],
    ['Street and number', 'Hafenstraße 1'],
    ['Postal code', '20457'],
    ['Town or city', 'Hamburg'],
  ] as const) {
    await page.getByLabel(label).fill(value);
  }
}

async function check(page: Page, name: string): Promise<void> {
  if (shotsFolder !== undefined) {
    mkdirSync(shotsFolder, { recursive: true });
    await page.screenshot({ path: join(shotsFolder, `${name}.png`), fullPage: true });
  }
  const sideways = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect([name, sideways]).toEqual([name, 0]);
  // The page's own policy refuses injected scripts; evaluating the source in the page's world needs none.
  await page.evaluate(axe.source);
  const run = await page.evaluate<AxeRun>('axe.run(document, { resultTypes: ["violations"] })');
  const found = run.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.failureSummary ?? node.html).join(' | ')}`,
  );
  expect([name, found]).toEqual([name, []]);
}

/** Errors of the console and of scripts: a refused style, a missing file, an exception. */
function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
