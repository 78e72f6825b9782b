/** What a route answers: a value, not a side effect, so that routes can be tested without a socket. */
import type { Html } from '../pages/html.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array;
  /** True once the body is compressed or must not be. */
  readonly isFinal: boolean;
}

export interface PageOptions {
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Catalogue pages hold nothing personal and may be kept for Back; the others may not be stored at all. */
  readonly isPrivate?: boolean;
}

export function pageReply(page: Html, options: PageOptions = {}): Reply {
  return {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': options.isPrivate === true ? 'no-store' : 'private, no-cache',
      ...options.headers,
    },
    cookies: options.cookies ?? [],
    body: page.toString(),
    isFinal: false,
  };
}

/** 303 to a path of this shop: the answer to every form, so that reload repeats nothing. Never takes an absolute URL. */
export function seeOther(path: `/${string}`, cookies: readonly string[] = []): Reply {
  return {
    status: 303,
    headers: { location: path, 'cache-control': 'no-store' },
    cookies,
    body: '',
    isFinal: true,
  };
}

export function textReply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    cookies: [],
    body: `${text}\n`,
    isFinal: true,
  };
}
