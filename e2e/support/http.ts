/**
 * HTTP as a visitor with DNS would do it: connects to loopback and names the host. Node does not resolve `*.localhost`,
 * browsers and curl do.
 */
import { request as send, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Request {
  readonly port: number;
  readonly path: string;
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is a {@link RawBody}. */
  readonly body?: unknown;
}

/** A body that is no JSON: a form, a picture. */
export class RawBody {
  readonly type: string;
  readonly bytes: Buffer;

  constructor(type: string, bytes: Buffer | string) {
    this.type = type;
    this.bytes = Buffer.from(bytes);
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

const timeoutMs = 30_000;

/** @throws Error where nothing answers within 30 s */
export async function request({ port, path, host, method = 'GET', headers = {}, body }: Request): Promise<Answer> {
  const began = performance.now();
  const payload = toPayload(body);
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...(host === undefined ? {} : { host }),
          ...(payload === undefined ? {} : { 'content-type': payload.type, 'content-length': payload.bytes.length }),
          ...headers,
        },
      },
      (incoming) => {
        text(incoming).then(
          (answer) =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: answer,
              ms: performance.now() - began,
            }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload?.bytes);
  });
}

function toPayload(body: unknown): RawBody | undefined {
  if (body === undefined || body instanceof RawBody) return body;
  return new RawBody('application/json', JSON.stringify(body));
}

/** The body as JSON. @throws Error that shows the answer where the status is another one or the body is no JSON */
export function toJson<T>(answer: Answer, status: number): T {
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status}: ${answer.body.slice(0, 800)}`);
  return JSON.parse(answer.body) as T;
}
