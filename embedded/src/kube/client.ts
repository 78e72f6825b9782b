/**
 * A small client for the Kubernetes API on node:https: JSON requests with a time limit, server-side apply, and the raw
 * stream of a watch. It exists so that a cluster can start before any npm package is installed.
 */
import https from 'node:https';

import { onLines } from '../base/lines.ts';
import type { Credentials } from './kubeconfig.ts';
import { objectPath, type KubeObject } from './objects.ts';

const REQUEST_TIMEOUT_MS = 15_000;
const WATCH_SILENCE_MAX_MS = 120_000;

/** Where the API listens: inside the cluster's network a port, outside a unix socket. */
type ApiAddress = { socketPath: string } | { host: string; port: number };

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface RequestOptions {
  body?: unknown;
  contentType?: string;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export class KubeClient {
  private readonly agent: https.Agent;
  private readonly address: ApiAddress;

  constructor(address: ApiAddress, credentials: Credentials) {
    this.address = address;
    this.agent = new https.Agent({
      keepAlive: true,
      ca: credentials.authority,
      cert: credentials.certificate,
      key: credentials.key,
      servername: 'localhost',
    });
  }

  /** One request. @returns the parsed body @throws ApiError for any status of 300 or more, Error without an answer */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const text = await this.text(method, path, options);
    return text === '' ? null : JSON.parse(text);
  }

  /** As `request`, for answers that are not JSON. */
  text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? REQUEST_TIMEOUT_MS);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = { accept: 'application/json' };
      if (options.body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
      const request = https.request(
        { ...this.address, agent: this.agent, method, path, headers, signal },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const status = response.statusCode ?? 0;
            if (status < 300) resolve(text);
            else reject(new ApiError(status, `${method} ${path}: ${status} ${statusMessage(text)}`));
          });
        },
      );
      request.on('error', reject);
      request.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });
  }

  /** Makes the object as written, or brings it back to what is written (server-side apply). Safe to repeat. */
  async apply(object: KubeObject, signal?: AbortSignal): Promise<void> {
    await this.request('PATCH', `${objectPath(object)}?fieldManager=urumi-embedded&force=true`, {
      body: object,
      contentType: 'application/apply-patch+yaml',
      signal,
    });
  }

  /**
   * Opens a watch and calls `onEvent` for every line until the stream ends.
   *
   * A stream that is silent for two minutes counts as broken: bookmarks come every minute.
   *
   * @throws ApiError when the API refuses (410: the version is too old, list again), Error when the stream breaks
   */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = https.request({ ...this.address, agent: this.agent, method: 'GET', path, signal }, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 300) {
          response.resume();
          reject(new ApiError(status, `watch ${path}: ${status}`));
          return;
        }
        onLines(response, (line) => {
          try {
            onEvent(JSON.parse(line) as WatchEvent);
          } catch (error) {
            request.destroy(error instanceof Error ? error : new Error(String(error)));
          }
        });
        response.on('error', reject);
        response.on('close', () => resolve());
      });
      request.setTimeout(WATCH_SILENCE_MAX_MS, () => request.destroy(new Error(`watch ${path}: silent`)));
      request.on('error', reject);
      request.end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject & { code?: number; message?: string };
}

function statusMessage(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: string };
    return body.message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200); // not a Status object: the text itself is the message
  }
}
