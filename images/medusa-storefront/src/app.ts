/**
 * The storefront as a function from request to answer: checks who asks, finds the route, turns failures into pages,
 * writes one line of log. `main.ts` gives it a socket.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { Config } from './config.ts';
import type { Reply } from './http/reply.ts';
import type { ShopRequest } from './http/request.ts';
import type { Route } from './http/router.ts';
import type { Log } from './log.ts';
import type { Shop } from './routes/shop.ts';
import type { Placement } from './shop/place-order.ts';
import { acceptsGzip, loadAssets } from './http/assets.ts';
import { createCookieJar, parseCookies } from './http/cookies.ts';
import { readForm } from './http/form-body.ts';
import { isOwnHost, isSameOrigin } from './http/guards.ts';
import { textReply } from './http/reply.ts';
import { matchRoute } from './http/router.ts';
import { securityHeaders } from './http/security-headers.ts';
import { BackendError, createBackend } from './medusa/client.ts';
import { addLineRoute, cartRoute, changeLineRoute, removeLineRoute } from './routes/cart.ts';
import { checkoutRoute, placeOrderRoute } from './routes/checkout.ts';
import { formRefused, notFound, toFailurePage } from './routes/failures.ts';
import { frontRoute } from './routes/front.ts';
import { orderRoute } from './routes/order.ts';
import { probeRoutes } from './routes/probes.ts';
import { productRoute } from './routes/product.ts';
import { createMemory } from './shop/cart-cookie.ts';
import { createCatalogue } from './shop/catalogue.ts';
import { createFormatMoney } from './shop/money.ts';
import { createPictureOf } from './shop/picture.ts';
import { createSingleFlight } from './shop/single-flight.ts';

export interface App {
  readonly handle: RequestListener;
  /** From now on `/readyz` fails and answers close their connections. */
  stop(): void;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** Folder of the product pictures. */
  readonly mediaFolder?: string;
}

const compress = promisify(gzip);
/** Under this a compressed page is hardly smaller. */
const compressBytesMin = 1_024;
const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

export function createApp({ config, log, mediaFolder = folder('../media') }: AppOptions): App {
  const assets = loadAssets({ '/assets': folder('./assets'), '/media': mediaFolder });
  const backend = createBackend({ baseUrl: config.medusaUrl, publishableKey: config.publishableKey });
  const catalogue = createCatalogue(backend, config.currency);
  const shop: Shop = {
    backend,
    catalogue,
    memory: createMemory(createCookieJar(config.isSecure)),
    checkouts: createSingleFlight<Placement>(),
    view: {
      shopName: config.shopName,
      storeId: config.storeId,
      storeOrigin: config.storeOrigin,
      locale: config.locale,
      money: createFormatMoney(config.locale),
      pictureOf: createPictureOf({
        storeOrigin: config.storeOrigin,
        medusaUrl: config.medusaUrl,
        hasFile: (path) => assets.has(path),
      }),
      href: (path) => assets.href(path),
    },
  };
  let isStopping = false;
  let hasServed = false;
  const routes: readonly Route[] = [
    ...probeRoutes(catalogue, () => isStopping),
    { method: 'GET', pattern: '/', handle: frontRoute(shop) },
    { method: 'GET', pattern: '/products/:handle', handle: productRoute(shop) },
    { method: 'GET', pattern: '/cart', handle: cartRoute(shop) },
    { method: 'POST', pattern: '/cart/lines', handle: addLineRoute(shop) },
    { method: 'POST', pattern: '/cart/lines/:line', handle: changeLineRoute(shop) },
    { method: 'POST', pattern: '/cart/lines/:line/remove', handle: removeLineRoute(shop) },
    { method: 'GET', pattern: '/checkout', handle: checkoutRoute(shop) },
    { method: 'POST', pattern: '/checkout', handle: placeOrderRoute(shop) },
    { method: 'GET', pattern: '/order/:id', handle: orderRoute(shop) },
    { method: 'GET', pattern: '/assets/:file', handle: (request) => assets.serve(request.path, request) },
    { method: 'GET', pattern: '/media/:file', handle: (request) => assets.serve(request.path, request) },
    { method: 'GET', pattern: '/favicon.ico', handle: (request) => assets.serve('/assets/icon.svg', request) },
    { method: 'GET', pattern: '/robots.txt', handle: () => textReply(200, robots) },
  ];

  const answer = async (incoming: IncomingMessage): Promise<{ reply: Reply; route: string }> => {
    const url = parseTarget(incoming.url);
    if (url === null) return { reply: textReply(400, 'This address cannot be read.'), route: 'unreadable' };
    const isProbe = probePaths.has(url.pathname);
    if (!isProbe && !isOwnHost(incoming.headers.host, config.hosts)) {
      return { reply: textReply(404, 'No shop at this address.'), route: 'foreign-host' };
    }

    const match = matchRoute(routes, incoming.method ?? '', url.pathname);
    const request: ShopRequest = {
      method: incoming.method === 'POST' ? 'POST' : 'GET',
      path: url.pathname,
      query: url.searchParams,
      cookies: parseCookies(incoming.headers.cookie),
      form: new URLSearchParams(),
      headers: incoming.headers,
      params: match.kind === 'found' ? match.params : new Map(),
    };
    if (match.kind === 'missing') return { reply: notFound(shop, request), route: 'unknown' };
    if (match.kind === 'wrong-method') {
      const allow = match.allow.join(', ');
      return { reply: textReply(405, `This address takes ${allow}.`, { allow }), route: 'wrong-method' };
    }
    const { route } = match;
    return { reply: await runRoute(route, request, incoming), route: route.pattern };
  };

  const runRoute = async (route: Route, request: ShopRequest, incoming: IncomingMessage): Promise<Reply> => {
    if (route.method === 'GET') return guarded(route, request);
    if (!isSameOrigin(incoming.headers, config.isSecure)) return formRefused(shop, request, 403);
    const body = await readForm(incoming);
    if (body.kind === 'too-large') return formRefused(shop, request, 413);
    if (body.kind === 'wrong-type') return formRefused(shop, request, 415);
    return guarded(route, { ...request, form: body.form });
  };

  const guarded = async (route: Route, request: ShopRequest): Promise<Reply> => {
    try {
      const reply = await route.handle(request);
      if (route.pattern === '/' && reply.status === 200) hasServed = true;
      return reply;
    } catch (error) {
      log(error instanceof BackendError ? 'warn' : 'error', 'page failed', {
        route: route.pattern,
        ...describe(error),
      });
      return toFailurePage(shop, request, error, hasServed);
    }
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const requestId = toRequestId(incoming.headers['x-request-id']);
    const { reply, route } = await answer(incoming);
    const bytes = await send(incoming, response, reply, { requestId, isStopping });
    // Probes come every few seconds for ever: their successes say nothing.
    if (probePaths.has(route) && reply.status === 200) return;
    log('info', 'request', {
      method: incoming.method ?? '',
      route,
      status: reply.status,
      ms: Math.round(performance.now() - startedAt),
      bytes,
      requestId,
    });
  };

  return {
    handle: (incoming, response) => {
      serve(incoming, response).catch((error: unknown) => {
        // A shopper who left while sending a form, or a fault outside every route: nothing can be answered any more.
        log('warn', 'connection ended', describe(error));
        response.destroy();
      });
    },
    stop: () => {
      isStopping = true;
    },
  };
}

const robots = 'User-agent: *\nDisallow: /cart\nDisallow: /checkout\nDisallow: /order/';

interface SendFacts {
  readonly requestId: string;
  readonly isStopping: boolean;
}

async function send(
  incoming: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { requestId, isStopping }: SendFacts,
): Promise<number> {
  let body: Uint8Array = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string | string[]> = {
    ...securityHeaders,
    ...reply.headers,
    'x-request-id': requestId,
  };
  if (!reply.isFinal) headers['vary'] = 'accept-encoding';
  if (!reply.isFinal && body.length >= compressBytesMin && acceptsGzip(incoming.headers['accept-encoding'])) {
    body = await compress(body, { level: 5 });
    headers['content-encoding'] = 'gzip';
  }
  if (reply.cookies.length > 0) headers['set-cookie'] = [...reply.cookies];
  if (reply.status !== 304) headers['content-length'] = String(body.length);
  // A body that was refused before its end cannot be followed by another request on this connection.
  if (isStopping || !incoming.complete) headers['connection'] = 'close';
  response.writeHead(reply.status, headers);
  response.end(incoming.method === 'HEAD' ? undefined : body);
  return body.length;
}

/** Path and query only; an absolute target (`GET http://other/`) would smuggle a host past the check. */
function parseTarget(target: string | undefined): URL | null {
  if (target === undefined || !target.startsWith('/') || !URL.canParse(`http://shop${target}`)) return null;
  return new URL(`http://shop${target}`);
}

function toRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(header) ? header : randomUUID();
}

function describe(error: unknown): Record<string, string> {
  // Not the message: it is the backend's own, and may name a shopper.
  if (error instanceof BackendError) return { kind: error.kind, code: error.code };
  return error instanceof Error ? { error: error.message, stack: error.stack ?? '' } : { error: String(error) };
}

function folder(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
