/** A shopper with a phone: front page, product, cart, checkout with cash on delivery. Screenshots of each stage are kept. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';

export interface Bought {
  readonly orderNumber: number;
  /** Errors that the pages threw. */
  readonly faults: readonly string[];
}

export async function buyInBrowser({ url, artifacts }: { url: string; artifacts: string }): Promise<Bought> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const shop = await context.newPage();
    const faults: string[] = [];
    shop.on('pageerror', (error) => faults.push(String(error)));
    const shot = (name: string) =>
      shop.screenshot({ path: join(artifacts, `woocommerce-${name}.png`), fullPage: true });

    await shop.goto(url);
    await shot('front-phone');
    await shop.setViewportSize({ width: 1280, height: 900 });
    await shot('front');
    await shop.setViewportSize({ width: 390, height: 844 });
    await shop.locator('a[href*="/product/"]').first().click();
    await shot('product-phone');
    await shop
      .getByRole('button', { name: /add to cart/i })
      .first()
      .click();
    await shop.goto(new URL('/cart/', url).href);
    await shop
      .getByRole('link', { name: /proceed to checkout/i })
      .first()
      .waitFor({ timeout: 60_000 });
    await shot('cart-phone');
    await shop.goto(new URL('/checkout/', url).href);
    await fillCheckout(shop);
    // The page asks the shop again after every change of the address; before its answer an order has no payment.
    await shop
      .getByText(/cash on delivery/i)
      .first()
      .waitFor({ timeout: 60_000 });
    await shot('checkout-phone');
    await placeOrder(shop);
    await shot('confirmation-phone');
    return { orderNumber: Number(/order-received\/(\d+)/.exec(shop.url())?.[1]), faults };
  } finally {
    await browser.close();
  }
}

/** The page drops a click while it asks the shop again about a changed address: whoever sees no answer clicks again. */
async function placeOrder(shop: Page): Promise<void> {
  const asking = shop.locator('.wc-block-components-skeleton__element').first();
  for (let triesLeft = 3; ; triesLeft -= 1) {
    await asking.waitFor({ state: 'detached', timeout: 60_000 });
    await shop.getByRole('button', { name: /place order/i }).click();
    try {
      await shop.waitForURL(/order-received\/\d+/, { timeout: 20_000 });
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
  }
}

async function fillCheckout(shop: Page): Promise<void> {
  const fields: readonly [RegExp, string][] = [
    [/e-?mail address/i, 'grace@example.com'],
    [/first name/i, 'Grace'],
    [/last name/i, 'Hopper'],
    [/^address$/i, '12 Harbour Street'],
    [/^city$/i, 'Hamburg'],
    [/postal code|postcode|zip code/i, '20095'],
  ];
  await shop
    .getByLabel(/e-?mail address/i)
    .first()
    .waitFor({ timeout: 60_000 });
  for (const [label, value] of fields) await shop.getByLabel(label).first().fill(value);
}
