/** Maps method and path to a route. Patterns are literal segments and `:name` segments; nothing else is needed here. */
import type { Reply } from './reply.ts';
import type { ShopRequest } from './request.ts';

export type Handler = (request: ShopRequest) => Promise<Reply> | Reply;

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Also the name of the route in the access log: a path itself can hold the id of an order. */
  readonly pattern: string;
  readonly handle: Handler;
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: ReadonlyMap<string, string> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'missing' };

export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const allow = new Set<string>();
  for (const route of routes) {
    const params = matchPath(route.pattern, path);
    if (params === null) continue;
    if (route.method === wanted) return { kind: 'found', route, params };
    allow.add(route.method);
    if (route.method === 'GET') allow.add('HEAD');
  }
  return allow.size > 0 ? { kind: 'wrong-method', allow: [...allow] } : { kind: 'missing' };
}

function matchPath(pattern: string, path: string): ReadonlyMap<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value) return null;
      continue;
    }
    const decoded = decodeSegment(value);
    if (decoded === null || decoded === '') return null;
    params.set(segment.slice(1), decoded);
  }
  return params;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
