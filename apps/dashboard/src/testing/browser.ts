/** Debian's Chromium for tests in a real browser. Its background networking is off: the machine may be closed to the world. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { fixtureToken } from './world.ts';

const executablePath = process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a good page has none of: console errors, page errors, violations of the policy. */
  readonly faults: string[];
}

export interface VisitOptions {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly signedIn?: boolean;
}

/** A fresh visitor; answers of status 4xx and 5xx are part of many sights and no fault. */
export async function visit(browser: Browser, { theme, width, signedIn = true }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 720 : 900 },
    hasTouch: width < 600,
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    colorScheme: theme,
  });
  await context.addInitScript(
    ({ token }) => {
      if (token !== null) window.sessionStorage.setItem('urumi-token', token);
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI} ${event.sourceFile}`);
      });
    },
    { token: signedIn ? fixtureToken : null },
  );
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, context, faults };
}
