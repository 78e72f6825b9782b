/**
 * Calls the Medusa store API. The only place that knows status codes: a failure leaves here classified, with a kind that
 * routes decide on and a code that may appear in logs.
 */
export type BackendFailure =
  /** No answer, a server error, or a shop that is still being set up: try again later. */
  | 'away'
  /** The thing asked for does not exist (any more). */
  | 'missing'
  /** Another request is working on the same cart. */
  | 'busy'
  /** The shop will not do this; `code` says why. */
  | 'refused';

export class BackendError extends Error {
  readonly kind: BackendFailure;
  /** Medusa's `code`, else its `type`, else our own word, e.g. `insufficient_inventory`, `timeout`. */
  readonly code: string;

  constructor(kind: BackendFailure, code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BackendError';
    this.kind = kind;
    this.code = code;
  }
}

interface Call {
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly timeoutMs?: number;
}

export interface Backend {
  /** @throws BackendError */
  get(path: string, call?: Call): Promise<unknown>;
  /** @throws BackendError */
  post(path: string, body: unknown, call?: Call): Promise<unknown>;
  /** @throws BackendError */
  remove(path: string, call?: Call): Promise<unknown>;
}

export interface BackendOptions {
  readonly baseUrl: string;
  readonly publishableKey: string;
}

/**
 * How long a shopper waits for one call before being told that the shop does not answer. Generous: a first product list
 * took 6 s on two busy cores, and an answer after some seconds is worth more than a page that says there is none.
 */
const readTimeoutMs = 8_000;
const writeTimeoutMs = 20_000;

/** Node's fetch keeps connections open between calls, which saves a handshake per call. */
export function createBackend({ baseUrl, publishableKey }: BackendOptions): Backend {
  const send = async (
    method: string,
    path: string,
    timeoutMs: number,
    call: Call,
    body?: unknown,
  ): Promise<unknown> => {
    const headers: Record<string, string> = { accept: 'application/json', 'x-publishable-api-key': publishableKey };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl}${path}${toQuery(call.query)}`, {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(call.timeoutMs ?? timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      throw unreachable(error);
    }
    const answer = parseJson(text);
    if (!response.ok) throw toFailure(response.status, answer);
    if (answer === undefined) throw new BackendError('away', 'no-json', 'The backend answered without JSON');
    return answer;
  };
  return {
    get: (path, call = {}) => send('GET', path, readTimeoutMs, call),
    post: (path, body, call = {}) => send('POST', path, writeTimeoutMs, call, body),
    remove: (path, call = {}) => send('DELETE', path, writeTimeoutMs, call),
  };
}

/** Medusa writes `{code?, type, message}`; a refused publishable key means that the shop is not set up yet. */
function toFailure(status: number, answer: unknown): BackendError {
  const body: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const code = [body['code'], body['type']].find((part) => typeof part === 'string') ?? `http-${status}`;
  const message = typeof body['message'] === 'string' ? body['message'] : `The backend answered ${status}`;
  const isKeyRefused = status === 401 || /publishable (api )?key/i.test(message);
  if (status >= 500 || status === 429 || status === 403 || isKeyRefused) return new BackendError('away', code, message);
  if (status === 404) return new BackendError('missing', code, message);
  if (status === 409) return new BackendError('busy', code, message);
  return new BackendError('refused', code, message);
}

function unreachable(error: unknown): BackendError {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unreachable';
  return new BackendError('away', isTimeout ? 'timeout' : code, 'The backend did not answer', error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toQuery(query: Call['query']): string {
  if (query === undefined) return '';
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') pairs.append(name, value);
    else for (const one of value) pairs.append(`${name}[]`, one);
  }
  return `?${pairs.toString()}`;
}
