/**
 * The shopper's way to shops whose pods only pretend: a server on loopback in the ingress' place. It answers by Host
 * header with the engine's page, but only while that host's Ingress and a ready pod behind it are in the API server.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeClient } from '@urumi/embedded/kube/client';
import { follow } from '@urumi/embedded/kube/follow';
import { readKubeconfig } from '@urumi/embedded/kube/kubeconfig';
import type { KubeObject } from '@urumi/embedded/kube/objects';
import { engines, engineSchema } from '@urumi/shared/domain/engines/catalog';
import { labels } from '@urumi/shared/k8s/labels';

/**
 * - `status`: answers this status
 * - `silent`: takes the request and never answers
 * - `content`: a page of nobody, with status 200
 * - `broken`: resets the connection
 */
export type RouteFailure =
  { readonly kind: 'status'; readonly status: number } | { readonly kind: 'silent' | 'content' | 'broken' };

export interface ShopperRoute {
  /** On loopback. */
  readonly port: number;
  /** Requests answered or left unanswered so far. */
  readonly requests: number;
  /** Until {@link heal}. @param host  without port; all hosts where it is not given */
  fail(failure: RouteFailure, host?: string): void;
  /** @param host  all, and every single one, where it is not given */
  heal(host?: string): void;
  /** Nobody listens at the address any more, as when the ingress is gone. */
  goAway(): Promise<void>;
  /** After {@link goAway}: at the same port. */
  comeBack(): Promise<void>;
  /** Hosts with an Ingress, and whether a shopper would be served there. */
  served(): ReadonlyMap<string, boolean>;
  close(): Promise<void>;
}

interface Ingress extends KubeObject {
  spec?: {
    rules?: {
      host?: string;
      http?: { paths: { path?: string; backend: { service?: { name: string } } }[] };
    }[];
  };
}

interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean } }[] | null;
}

const serviceLabel = 'kubernetes.io/service-name';

/** @param kubeconfig  of the administrator, past every proxy: what the test cuts must not change what a shopper sees */
export async function startShopperRoute(kubeconfig: string): Promise<ShopperRoute> {
  const credentials = readKubeconfig(kubeconfig);
  const { hostname, port: apiPort } = new URL(credentials.server);
  const client = new KubeClient({ host: hostname, port: Number(apiPort) }, credentials);
  const ending = new AbortController();
  const { signal } = ending;
  let ingresses: ReadonlyMap<string, Ingress> = new Map();
  let slices: ReadonlyMap<string, EndpointSlice> = new Map();
  const onTrouble = (): void => undefined; // the API server may be killed by the test: it is followed again afterwards
  const following = [
    follow<Ingress>({
      client,
      path: '/apis/networking.k8s.io/v1/ingresses',
      signal,
      onTrouble,
      onChange: (objects) => (ingresses = objects),
    }),
    follow<EndpointSlice>({
      client,
      path: '/apis/discovery.k8s.io/v1/endpointslices',
      signal,
      onTrouble,
      onChange: (objects) => (slices = objects),
    }),
  ];

  const failures = new Map<string, RouteFailure>();
  const everyHost = '';
  let requests = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    requests += 1;
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const failure = failures.get(host) ?? failures.get(everyHost);
    if (failure !== undefined) return failAs(failure, response);
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    answer(response, findRoute({ ingresses: [...ingresses.values()], slices: [...slices.values()] }, host, pathname));
  };

  let server = await listen(handle, 0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get requests() {
      return requests;
    },
    fail: (failure, host = everyHost) => void failures.set(host, failure),
    heal: (host) => (host === undefined ? failures.clear() : void failures.delete(host)),
    goAway: () => closeServer(server),
    comeBack: async () => void (server = await listen(handle, port)),
    served: () => {
      const world = { ingresses: [...ingresses.values()], slices: [...slices.values()] };
      const hosts = world.ingresses.flatMap(({ spec }) => spec?.rules?.flatMap(({ host }) => host ?? []) ?? []);
      return new Map(hosts.map((host) => [host, findRoute(world, host, '/').kind === 'page']));
    },
    close: async () => {
      ending.abort();
      await Promise.all([closeServer(server), ...following]);
      client.close();
    },
  };
}

interface World {
  readonly ingresses: readonly Ingress[];
  readonly slices: readonly EndpointSlice[];
}

type Route = { readonly kind: 'unknown' | 'empty' } | { readonly kind: 'page'; readonly body: string };

/** What an ingress would do: the longest path of the host's rule, and a ready pod of its service. */
function findRoute({ ingresses, slices }: World, host: string, path: string): Route {
  const candidates = ingresses.flatMap((ingress) =>
    (ingress.spec?.rules ?? [])
      .filter((rule) => rule.host === host && ingress.metadata.deletionTimestamp === undefined)
      .flatMap((rule) => rule.http?.paths ?? [])
      .filter((one) => path.startsWith(one.path ?? '/'))
      .map((one) => ({ ingress, length: (one.path ?? '/').length, service: one.backend.service?.name })),
  );
  const [best] = candidates.sort((a, b) => b.length - a.length);
  if (best === undefined) return { kind: 'unknown' };
  const { metadata } = best.ingress;
  const isServed = slices.some(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels?.[serviceLabel] === best.service &&
      slice.endpoints?.some(({ conditions }) => conditions?.ready === true) === true,
  );
  if (!isServed) return { kind: 'empty' };
  const engine = engineSchema.safeParse(metadata.labels?.[labels.engine]);
  const id = metadata.labels?.[labels.storeId];
  if (!engine.success || id === undefined) return { kind: 'page', body: 'no page of Urumi' };
  const { probeMarker, productMarker } = engines[engine.data];
  return {
    kind: 'page',
    body: `<!doctype html><head>${probeMarker(id)}</head><body><a ${productMarker}1">Product</a></body>`,
  };
}

function answer(response: ServerResponse, route: Route): void {
  if (route.kind === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end(route.body);
  else response.writeHead(route.kind === 'empty' ? 503 : 404).end();
}

function failAs(failure: RouteFailure, response: ServerResponse): void {
  switch (failure.kind) {
    case 'status':
      response.writeHead(failure.status).end();
      return;
    case 'content':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Welcome to this server.</p>');
      return;
    case 'broken':
      response.socket?.resetAndDestroy();
      return;
    case 'silent':
  }
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
): Promise<Server> {
  const server = createServer(handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
