/**
 * One HTTP call to the API server, with a deadline and an abort signal, as the worker itself or as a store's installer.
 * It knows no objects. The kubeconfig is read when first needed and again after a failure, for it may appear, or change
 * with its cluster, while the worker runs.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { z } from 'zod';
import { KubeStatusError, toKubeFailure } from './classify-failure.ts';
import { readKubeconfig, type KubeTarget } from './kubeconfig.ts';
import { Pressure } from './pressure.ts';

export interface KubeRequest<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute path, built from constants and generated names only. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Act as this user; its groups are the server's to add. */
  readonly asUser?: string;
  /** Asks for object metadata alone, so that no content (a Secret's, say) ever enters this process. */
  readonly metadataOnly?: 'object' | 'list';
  readonly answer: z.ZodType<T>;
  readonly signal: AbortSignal;
}

/** What a caller that needs nothing of an answer expects. */
export const anyAnswer = z.unknown();

/** A list asked for as metadata. The server writes an empty one as `null`. */
export const metadataList = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string(), uid: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      }),
    )
    .nullish()
    .transform((items) => items ?? []),
});

const callTimeoutMs = 10_000;
const answerBytesMax = 8_000_000;

interface Connection {
  readonly target: KubeTarget;
  readonly agent: http.Agent;
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

export class KubeClient {
  readonly #kubeconfig: string;
  readonly #pressure = new Pressure();
  #connection: Promise<Connection> | null = null;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /**
   * @throws KubeStatusError where the server refuses with a status (404, 409, ...) a caller may know what to do with
   * @throws DomainError `cluster.unreachable`, `cluster.busy` where there is no usable answer
   * @throws the signal's reason where it is aborted
   */
  async request<T>(request: KubeRequest<T>): Promise<T> {
    request.signal.throwIfAborted();
    const leave = this.#pressure.enter();
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(callTimeoutMs)]);
    let refused: KubeStatusError | null = null;
    try {
      const connection = await this.#connect();
      const answer = await sendTwiceIfStale(connection, request, signal);
      if (answer.status >= 400) {
        const refusal = toStatusError(request, answer);
        if (answer.status === 429) refused = refusal;
        throw refusal;
      }
      return request.answer.parse(JSON.parse(answer.text));
    } catch (error) {
      request.signal.throwIfAborted();
      const failure = toKubeFailure(error);
      if (!(failure instanceof KubeStatusError) && failure.code !== 'cluster.busy') this.close();
      throw failure;
    } finally {
      leave(refused);
    }
  }

  /** Closes idle connections and forgets the kubeconfig; the next request reads it again. */
  close(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.then(
      ({ agent }) => agent.destroy(),
      () => undefined, // It never opened: the request that tried has reported why.
    );
  }

  #connect(): Promise<Connection> {
    this.#connection ??= readKubeconfig(this.#kubeconfig).then((target) => ({ target, agent: openAgent(target) }));
    return this.#connection;
  }
}

function openAgent({ server, ca, cert, key }: KubeTarget): http.Agent {
  const options = { keepAlive: true, maxSockets: 10 };
  return server.protocol === 'http:' ? new http.Agent(options) : new https.Agent({ ...options, ca, cert, key });
}

/** A kept connection may have been closed by the server just as it was taken up: such a call never arrived. */
async function sendTwiceIfStale<T>(
  connection: Connection,
  request: KubeRequest<T>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  try {
    return await send(connection, request, signal);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return send(connection, request, signal);
  }
}

class StaleConnection extends Error {}

async function send<T>(
  { target, agent }: Connection,
  request: KubeRequest<T>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const url = new URL(request.path, target.server);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = await buildHeaders(target, request, body);
  const transport = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const call = transport.request(url, { method: request.method, headers, agent, signal }, (response) => {
      readBody(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'] }),
        reject,
      );
    });
    call.once('error', (error: NodeJS.ErrnoException) => {
      const stale = call.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    call.end(body);
  });
}

async function buildHeaders<T>(
  target: KubeTarget,
  { method, asUser, metadataOnly }: KubeRequest<T>,
  body: string | undefined,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'urumi-worker' };
  if (metadataOnly !== undefined) {
    const kind = metadataOnly === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
    headers['accept'] = `application/json;as=${kind};g=meta.k8s.io;v=v1`;
  }
  if (body !== undefined) {
    headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  if (asUser !== undefined) headers['impersonate-user'] = asUser;
  const token = await target.readToken();
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  return headers;
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error(`the answer is larger than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const statusSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

function toStatusError<T>({ method, path }: KubeRequest<T>, { status, text, retryAfter }: RawAnswer): KubeStatusError {
  const parsed = statusSchema.safeParse(parseJson(text));
  const { reason = '', message = '' } = parsed.success ? parsed.data : {};
  return new KubeStatusError({
    status,
    reason,
    message: message || `${method} ${path} answered ${status}`,
    retryAfter,
  });
}

/** `null` for text that is not JSON: a proxy in front of the API server answers in its own way. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
