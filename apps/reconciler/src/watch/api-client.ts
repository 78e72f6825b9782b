/**
 * Reads from the API server: one answer, a text, or a watch. It can only send GET, so a fault in this process cannot
 * change a cluster. Failures are classified here, once.
 *
 * Written on `node:https` because `@kubernetes/client-node` 2.0.1 takes 55 MB of memory at import (measured on Node 24),
 * half of what this process may have, and lists without pages.
 */
import http, { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import https, { Agent as HttpsAgent } from 'node:https';
import { DomainError, isDomainError, type ErrorCode } from '@urumi/shared/domain/errors';
import type { ClusterAccess, ReadAccess } from './access.ts';

const answerTimeoutMs = 10_000;
const answerBytesMax = 64 * 1024 * 1024;

export type Query = Readonly<Record<string, string | number>>;

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Ends the watch with an error when nothing at all arrives for so long. */
  readonly silenceMs: number;
  readonly onOpen: () => void;
  readonly onLine: (line: string) => void;
}

export class ApiClient {
  readonly #readAccess: ReadAccess;
  #connection: { readonly access: ClusterAccess; readonly agent: HttpAgent | HttpsAgent } | null = null;

  constructor(readAccess: ReadAccess) {
    this.#readAccess = readAccess;
  }

  /**
   * The parsed answer, or `null` where there is no such object.
   * @throws DomainError `cluster.unreachable`, `cluster.busy`, `cluster.forbidden`, `cluster.rejected`
   */
  async readJson(path: string, query: Query = {}, signal?: AbortSignal): Promise<unknown> {
    const answer = await this.#readAnswer(path, query, answerBytesMax, signal);
    return answer === null ? null : JSON.parse(answer);
  }

  /** As {@link readJson}, for text of at most `bytesMax`; what is longer is cut off. */
  async readText(path: string, query: Query, bytesMax: number): Promise<string | null> {
    return this.#readAnswer(path, query, bytesMax);
  }

  /**
   * Follows a watch until the server closes it.
   * @throws DomainError as {@link readJson}; with detail `status` 410 where the version asked for is too old
   */
  async watch(path: string, query: Query, { signal, silenceMs, onOpen, onLine }: WatchOptions): Promise<void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error(`silent for ${silenceMs} ms`)), silenceMs);
    try {
      const response = await this.#get(path, { ...query, watch: 1 }, AbortSignal.any([signal, silence.signal]));
      if (response.statusCode !== 200) throw toStatusError(response.statusCode ?? 0, await readBody(response, 10_000));
      onOpen();
      response.on('data', () => timer.refresh());
      for await (const line of readLines(response)) onLine(line);
    } catch (error) {
      throw toClusterError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#connection?.agent.destroy();
    this.#connection = null;
  }

  async #readAnswer(path: string, query: Query, bytesMax: number, signal?: AbortSignal): Promise<string | null> {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    try {
      const response = await this.#get(path, query, signal ? AbortSignal.any([signal, timeout]) : timeout);
      const body = await readBody(response, bytesMax);
      if (response.statusCode === 404) return null;
      if (response.statusCode !== 200) throw toStatusError(response.statusCode ?? 0, body);
      return body;
    } catch (error) {
      throw toClusterError(error);
    }
  }

  async #get(path: string, query: Query, signal: AbortSignal): Promise<IncomingMessage> {
    const { access, agent } = await this.#connect();
    const url = new URL(access.server);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    const headers = {
      accept: 'application/json',
      'user-agent': 'urumi-reconciler',
      ...(access.token === null ? {} : { authorization: `Bearer ${access.token}` }),
    };
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      request(url, { agent, headers, signal }, resolve).once('error', reject).end();
    });
  }

  async #connect(): Promise<{ access: ClusterAccess; agent: HttpAgent | HttpsAgent }> {
    const access = await this.#readAccess();
    if (this.#connection?.access === access) return this.#connection;
    this.#connection?.agent.destroy();
    const options = { keepAlive: true, maxFreeSockets: 4, keepAliveMsecs: 10_000 };
    const agent =
      access.server.protocol === 'https:' ? new HttpsAgent({ ...options, ...access.tls }) : new HttpAgent(options);
    this.#connection = { access, agent };
    return this.#connection;
  }
}

/** Ends with a clean close and throws when the connection breaks. */
async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}

async function readBody(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8');
}

function toStatusError(status: number, body: string): DomainError {
  return new DomainError(
    toCode(status),
    { status },
    { message: `the API server answered ${status}: ${body.slice(0, 300)}` },
  );
}

function toCode(status: number): ErrorCode {
  if (status === 429) return 'cluster.busy';
  if (status === 401 || status === 403) return 'cluster.forbidden';
  return status >= 500 ? 'cluster.unreachable' : 'cluster.rejected';
}

function toClusterError(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DomainError(
    'cluster.unreachable',
    {},
    { cause: error, message: `the API server did not answer: ${message}` },
  );
}
