/** What a route may know of a request. Host and origin were checked before one of these exists. */
import type { IncomingHttpHeaders } from 'node:http';

export interface ShopRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
  /** Fields of the form; empty unless the method is POST. */
  readonly form: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Values of the `:name` parts of the route's pattern. */
  readonly params: ReadonlyMap<string, string>;
}

/** The named part of the path; a route asks only for parts of its own pattern. */
export function pathPart(request: ShopRequest, name: string): string {
  return request.params.get(name) ?? '';
}
