/** A storefront on a loopback port, and a shopper who keeps cookies and follows redirects, as a browser does. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';

import type { App } from '../../src/app.ts';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { publishableKey } from './fake-medusa.ts';

export interface Storefront {
  readonly origin: string;
  readonly port: number;
  readonly app: App;
  /** Complete log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  close(): Promise<void>;
}

export interface StorefrontOptions {
  readonly medusaUrl: string;
  readonly mediaFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startStorefront({
  medusaUrl,
  mediaFolder,
  environment = {},
}: StorefrontOptions): Promise<Storefront> {
  const lines: Record<string, unknown>[] = [];
  const log = createLog((line) => {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) lines.push({ ...parsed });
  });
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = parseConfig(
    {
      MEDUSA_URL: medusaUrl,
      STORE_URL: `http://127.0.0.1:${port}`,
      SHOP_NAME: 'Harbour & Home',
      SHOP_CURRENCY: 'EUR',
      SHOP_LOCALE: 'en_DE',
      STORE_ID: 'k7m2q0l1',
      HOST: '127.0.0.1',
      ...environment,
    },
    () => publishableKey,
  );
  const app = createApp({ config, log, ...(mediaFolder === undefined ? {} : { mediaFolder }) });
  server.on('request', app.handle);
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    app,
    lines,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export interface Visit {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Path and query after redirects. */
  readonly path: string;
}

/** One browser: remembers cookies, sends `Origin` with forms, follows 303. */
export class Shopper {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async get(path: string): Promise<Visit> {
    return this.#visit(path, { method: 'GET' });
  }

  async post(path: string, fields: Readonly<Record<string, string>>): Promise<Visit> {
    return this.#visit(path, {
      method: 'POST',
      headers: { origin: this.#origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async #visit(path: string, init: RequestInit): Promise<Visit> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(`${this.#origin}${path}`, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (cookie.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) {
      await response.text();
      return this.get(location);
    }
    return { status: response.status, text: await response.text(), headers: response.headers, path };
  }
}

/** The value of a hidden field of a page. */
export function hiddenField(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
}
