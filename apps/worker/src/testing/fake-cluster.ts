/**
 * A small API server for tests: it keeps what is written to it, answers as Kubernetes does where the worker looks, and
 * writes down every call. It knows no controllers: a deleted namespace ends when a test says so.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerNamespacesPolicy } from '@urumi/shared/k8s/names';
import { z } from 'zod';

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
export type FakeObject = z.infer<typeof objectSchema>;

export interface Call {
  readonly method: string;
  readonly path: string;
  /** `null`: the caller as itself. */
  readonly asUser: string | null;
  readonly accept: string;
  /** Bearer token: which worker it was. `null`: helm. */
  readonly by: string | null;
  /** By the monotonic clock, in milliseconds. */
  readonly at: number;
  readonly status: number;
}

const collections = /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[^/]+$/;

export class FakeCluster {
  readonly calls: Call[] = [];
  /** While set, every call is answered with this status. */
  failWith: number | null = null;
  /** While set, calls for which it holds are answered as where an admission webhook is away. */
  refuses: ((call: Omit<Call, 'status'>) => boolean) | null = null;
  /** While set, calls are answered with 429 and this `Retry-After`, in seconds. */
  retryAfter: number | null = null;
  /** Whether its admission policies act: they refuse each namespace that is only tried (a dry run). */
  isGuarded = true;
  /** Time each call takes, in milliseconds. */
  delayMs = 0;
  #held: Promise<void> | null = null;
  readonly #objects = new Map<string, FakeObject>();
  readonly #server: Server;
  #version = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  static async start(port = 0): Promise<FakeCluster> {
    const cluster = new FakeCluster();
    cluster.#server.listen(port, '127.0.0.1');
    await once(cluster.#server, 'listening');
    return cluster;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the fake cluster does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** A kubeconfig as JSON, which is YAML too. */
  get kubeconfig(): string {
    return this.kubeconfigFor('fake');
  }

  /** @param token  what {@link Call.by} will say */
  kubeconfigFor(token: string): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'fake',
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
      clusters: [{ name: 'fake', cluster: { server: this.url } }],
      users: [{ name: 'fake', user: { token } }],
    });
  }

  /** Answers nobody until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => (release = resolve));
    return () => {
      this.#held = null;
      release();
    };
  }

  get(path: string): FakeObject | undefined {
    return this.#objects.get(path);
  }

  put(collection: string, object: FakeObject): FakeObject {
    const stored = this.#stamp({
      ...object,
      metadata: { ...object.metadata, uid: object.metadata.uid ?? randomUUID() },
    });
    this.#objects.set(`${collection}/${object.metadata.name}`, stored);
    return stored;
  }

  list(collection: string): FakeObject[] {
    return [...this.#objects]
      .filter(([path]) => path.startsWith(`${collection}/`) && !path.slice(collection.length + 1).includes('/'))
      .map(([, object]) => object);
  }

  /** Ends a namespace and what is in it, as the namespace controller would. */
  finishNamespace(name: string): void {
    for (const path of this.#objects.keys()) {
      if (path === `/api/v1/namespaces/${name}` || path.includes(`/namespaces/${name}/`)) this.#objects.delete(path);
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const asUser = request.headers['impersonate-user'];
    const call = {
      method: request.method ?? '',
      path: url.pathname,
      asUser: typeof asUser === 'string' ? asUser : null,
      accept: request.headers.accept ?? '',
      by: request.headers.authorization?.replace('Bearer ', '') ?? null,
      at: performance.now(),
    };
    const body = await readJson(request);
    await this.#held;
    if (this.delayMs > 0) await sleep(this.delayMs);
    const retryAfter = this.retryAfter;
    const failWith = this.failWith ?? (retryAfter === null ? null : 429) ?? (this.refuses?.(call) ? 500 : null);
    const [status, answer] =
      failWith === null ? this.#route(request.method, url, body) : refuse(failWith, 'InternalError');
    this.calls.push({ ...call, status });
    const hint = status === 429 && retryAfter !== null ? { 'retry-after': String(retryAfter) } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...hint }).end(JSON.stringify(answer));
  }

  #route(method: string | undefined, url: URL, body: unknown): [number, unknown] {
    const path = url.pathname;
    if (path.endsWith('/selfsubjectaccessreviews')) return [201, { status: { allowed: this.#isGranted(body) } }];
    if (method === 'POST' && url.searchParams.get('dryRun') === 'All') return this.#judgeDryRun(body);
    if (method === 'POST') return this.#create(path, objectSchema.parse(body));
    const isCollection =
      collections.test(path) && !this.#objects.has(path) && !path.startsWith('/api/v1/namespaces/store-');
    const inNamespace = /\/namespaces\/[^/]+\/[^/]+$/.test(path);
    if (method === 'GET' && (inNamespace || isCollection)) {
      const items = this.list(path).filter((object) => matches(object, url.searchParams.get('labelSelector')));
      return [200, { items: items.length === 0 ? null : items }];
    }
    const object = this.#objects.get(path);
    if (!object) return refuse(404, 'NotFound');
    if (method === 'GET') return [200, object];
    if (method === 'PATCH') return this.#patch(path, object, body);
    if (method === 'DELETE') return this.#delete(path, object, body);
    return refuse(405, 'MethodNotAllowed');
  }

  #judgeDryRun(body: unknown): [number, unknown] {
    if (!this.isGuarded) return [201, body];
    const policy = workerNamespacesPolicy;
    const message = `namespaces "x" is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: no`;
    return [403, { kind: 'Status', reason: 'Forbidden', message }];
  }

  #create(collection: string, object: FakeObject): [number, unknown] {
    if (this.#objects.has(`${collection}/${object.metadata.name}`)) return refuse(409, 'AlreadyExists');
    return [201, this.put(collection, object)];
  }

  #patch(path: string, object: FakeObject, body: unknown): [number, unknown] {
    const patch = z.looseObject({ metadata: z.looseObject({}).default({}) }).parse(body);
    const expected = patch.metadata['resourceVersion'];
    if (expected !== undefined && expected !== object.metadata.resourceVersion) return refuse(409, 'Conflict');
    const merged = objectSchema.parse(merge(object, patch));
    const stored = this.#stamp(merged);
    this.#objects.set(path, stored);
    return [200, stored];
  }

  #delete(path: string, object: FakeObject, body: unknown): [number, unknown] {
    const options = z.looseObject({ preconditions: z.object({ uid: z.string() }).optional() }).parse(body ?? {});
    if (options.preconditions && options.preconditions.uid !== object.metadata.uid) return refuse(409, 'Conflict');
    if (/^\/api\/v1\/namespaces\/[^/]+$/.test(path)) object.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    else this.#objects.delete(path);
    return [200, object];
  }

  #isGranted(body: unknown): boolean {
    const review = z.looseObject({
      spec: z.object({ resourceAttributes: z.object({ namespace: z.string() }).loose() }),
    });
    const { namespace } = review.parse(body).spec.resourceAttributes;
    const binding = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/store-installer`;
    return this.#objects.has(binding);
  }

  #stamp(object: FakeObject): FakeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function refuse(status: number, reason: string): [number, unknown] {
  return [status, { kind: 'Status', reason, message: `${reason} (fake)` }];
}

function matches({ metadata }: FakeObject, selector: string | null): boolean {
  if (selector === null) return true;
  return selector.split(',').every((term) => {
    const [name = '', value] = term.split('=');
    return metadata.labels?.[name] === value;
  });
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(target) || !isObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) merged[name] = merge(target[name], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
