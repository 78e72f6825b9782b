/**
 * A small API server for tests, over plain HTTP on loopback: lists in pages, watches, direct reads, events and logs, and
 * the ways in which watches break. It keeps objects as the real one sends them; selectors are by label only.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RawObject {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

interface Watcher {
  readonly resource: string;
  readonly selector: string;
  readonly response: ServerResponse;
}

export class FakeApiServer {
  readonly requests: string[] = [];
  /** Texts of `pods/log`, by `pod/container`. */
  readonly logs = new Map<string, string>();
  /** Set to answer every request with this status. */
  refuseWith: number | null = null;
  readonly #objects = new Map<string, RawObject>();
  readonly #watchers = new Set<Watcher>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #version = 100;
  #oldestVersion = 0;

  async start(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Creates or changes an object. @returns it with uid and version */
  put(resource: string, object: RawObject): RawObject {
    const key = toKey(resource, object);
    const known = this.#objects.get(key);
    this.#version += 1;
    const uid = object.metadata.uid ?? known?.metadata.uid ?? `uid-${this.#version}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(this.#version) } };
    this.#objects.set(key, stored);
    this.#send(resource, known ? 'MODIFIED' : 'ADDED', stored);
    return stored;
  }

  /** Changes an object without telling any watch, as a lost message would. */
  putSilently(resource: string, object: RawObject): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    this.put(resource, object);
    for (const watcher of watchers) this.#watchers.add(watcher);
  }

  delete(resource: string, name: string, namespace?: string): void {
    const key = toKey(resource, { metadata: { name, namespace } });
    const known = this.#objects.get(key);
    if (!known) return;
    this.#objects.delete(key);
    this.#version += 1;
    this.#send(resource, 'DELETED', {
      ...known,
      metadata: { ...known.metadata, resourceVersion: String(this.#version) },
    });
  }

  /** Tells watches that an object is gone, though it is not. */
  denyToWatches(resource: string, name: string, namespace?: string): void {
    const known = this.#objects.get(toKey(resource, { metadata: { name, namespace } }));
    if (known) this.#send(resource, 'DELETED', known);
  }

  /** Ends every watch: cleanly, in the middle of the connection, or with the answer that its version is too old. */
  breakWatches(how: 'close' | 'reset' | 'too-old'): void {
    if (how === 'too-old') this.#oldestVersion = this.#version;
    for (const { response } of this.#watchers) {
      if (how === 'reset') response.destroy();
      else if (how === 'close') response.end();
      else
        response.end(
          `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } })}\n`,
        );
    }
    this.#watchers.clear();
  }

  get watchCount(): number {
    return this.#watchers.size;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://fake');
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (this.refuseWith !== null) return sendJson(response, this.refuseWith, { kind: 'Status', code: this.refuseWith });

    const log = /^\/api\/v1\/namespaces\/[^/]+\/pods\/([^/]+)\/log$/.exec(url.pathname);
    if (log) {
      const text = this.logs.get(`${log[1]}/${url.searchParams.get('container')}`);
      return text === undefined ? sendJson(response, 400, { message: 'no log' }) : void response.end(text);
    }
    const path = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(?:namespaces\/([^/]+)\/)?([a-z]+)(?:\/([^/]+))?$/.exec(
      url.pathname,
    );
    if (!path) return sendJson(response, 404, { message: 'no such path' });
    const [, namespace, resource = '', name] = path;
    if (name !== undefined) {
      const object = this.#objects.get(toKey(resource, { metadata: { name, namespace } }));
      return object ? sendJson(response, 200, object) : sendJson(response, 404, { message: 'not found' });
    }
    const selector = url.searchParams.get('labelSelector') ?? '';
    if (url.searchParams.get('watch') === '1') return this.#watch({ resource, selector, response }, url.searchParams);
    const items = [...this.#objects]
      .filter(
        ([key, object]) =>
          key.startsWith(`${resource} `) && (namespace === undefined || object.metadata.namespace === namespace),
      )
      .map(([, object]) => object)
      .filter((object) => matches(object, selector));
    const start = Number(url.searchParams.get('continue') ?? 0);
    const end = start + Number(url.searchParams.get('limit') ?? items.length);
    const metadata = {
      resourceVersion: String(this.#version),
      ...(end < items.length ? { continue: String(end) } : {}),
    };
    sendJson(response, 200, { kind: 'List', metadata, items: items.slice(start, end) });
  }

  #watch(watcher: Watcher, query: URLSearchParams): void {
    const from = Number(query.get('resourceVersion'));
    watcher.response.writeHead(200, { 'content-type': 'application/json' });
    if (from < this.#oldestVersion) {
      watcher.response.end(`${JSON.stringify({ type: 'ERROR', object: { code: 410, message: 'too old' } })}\n`);
      return;
    }
    watcher.response.flushHeaders();
    this.#watchers.add(watcher);
    watcher.response.on('close', () => this.#watchers.delete(watcher));
    for (const [key, object] of this.#objects) {
      const isMissed = key.startsWith(`${watcher.resource} `) && Number(object.metadata.resourceVersion) > from;
      if (isMissed && matches(object, watcher.selector)) watcher.response.write(toLine('MODIFIED', object));
    }
    const seconds = Number(query.get('timeoutSeconds') ?? 0);
    if (seconds > 0) setTimeout(() => watcher.response.end(), seconds * 1000).unref();
  }

  #send(resource: string, type: string, object: RawObject): void {
    for (const watcher of this.#watchers) {
      if (watcher.resource === resource && matches(object, watcher.selector))
        watcher.response.write(toLine(type, object));
    }
  }
}

function toKey(resource: string, { metadata }: { metadata: { name: string; namespace?: string | undefined } }): string {
  return `${resource} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function toLine(type: string, object: RawObject): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function matches({ metadata }: RawObject, selector: string): boolean {
  if (selector === '') return true;
  const [key = '', value] = selector.split('=');
  const label = metadata.labels?.[key];
  return value === undefined ? label !== undefined : label === value;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
