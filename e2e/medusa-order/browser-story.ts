/** A person with a browser: logs in, creates a store, waits for it, buys something. Screenshots of each stage are kept. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';

export interface BrowserStory {
  readonly orderNumber: string;
  readonly readySeconds: number;
  /** Errors of the page and its console, refused resources among them. */
  readonly faults: readonly string[];
}

interface Story {
  readonly dashboard: string;
  readonly token: string;
  readonly artifacts: string;
}

export async function buyInBrowser({ dashboard, token, artifacts }: Story): Promise<BrowserStory> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const shot = (name: string) => page.screenshot({ path: join(artifacts, `story-${name}.png`), fullPage: true });

    await page.goto(dashboard);
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: /sign in|log in/i }).click();
    await page.getByRole('heading', { level: 1, name: 'Stores' }).waitFor();
    await shot('stores');

    await page
      .getByRole('link', { name: /create store/i })
      .or(page.getByRole('button', { name: /create store/i }))
      .first()
      .click();
    await page.getByLabel(/^name/i).fill('Browser Beans');
    await page.getByRole('dialog').getByRole('radio', { name: 'Medusa' }).check();
    await shot('create');
    const began = performance.now();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /create store/i })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Browser Beans' }).waitFor();
    await shot('provisioning');
    await page.getByRole('link', { name: /open shop/i }).waitFor({ timeout: 240_000 });
    await page.getByText('Ready', { exact: true }).first().waitFor({ timeout: 240_000 });
    const readySeconds = Math.round((performance.now() - began) / 1000);
    await shot('ready');

    const address = await page.getByRole('link', { name: /open shop/i }).getAttribute('href');
    const visitor = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const shop = await visitor.newPage();
    await shop.goto(address ?? '');
    await shop.screenshot({ path: join(artifacts, 'story-shop-phone.png'), fullPage: true });
    await shop.locator('[data-product]').first().getByRole('link').first().click();
    await shop.getByRole('button', { name: /add to cart/i }).click();
    await shop.goto(new URL('/cart', address ?? '').href);
    await shop.screenshot({ path: join(artifacts, 'story-cart-phone.png'), fullPage: true });
    await shop.getByRole('link', { name: 'Go to checkout' }).click();
    await fillCheckout(shop);
    await shop.getByRole('button', { name: 'Place order' }).click();
    const number = shop.locator('[data-order-number]');
    await number.waitFor({ timeout: 60_000 });
    await shop.screenshot({ path: join(artifacts, 'story-confirmation-phone.png'), fullPage: true });
    const orderNumber = ((await number.textContent()) ?? '').trim();
    return { orderNumber, readySeconds, faults };
  } finally {
    await browser.close();
  }
}

async function fillCheckout(shop: Page): Promise<void> {
  const fields: readonly [RegExp, string][] = [
    [/e-?mail/i, 'ada@example.com'],
    [/first name/i, 'Ada'],
    [/last name/i, 'Byron'],
    [/street and number/i, '12 Harbour Street'],
    [/postal code/i, '20095'],
    [/town or city/i, 'Hamburg'],
  ];
  for (const [label, value] of fields) await shop.getByLabel(label).first().fill(value);
}
