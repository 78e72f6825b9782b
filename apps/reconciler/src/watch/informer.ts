/**
 * A supervised list and watch of one kind: a cache of facts by namespace, kept current by a watch, and checked by a new
 * list on a timer. Any failure, whatever it is, is tried again with a capped pause; it stops only when told to.
 */
import { performance } from 'node:perf_hooks';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { z } from 'zod';
import { pause } from '../timing/timed.ts';
import type { ApiClient } from './api-client.ts';
import { parseList, type Kept } from './facts.ts';
import { toPath, type Kind } from './kinds.ts';

const pageItems = 500;
const pauseMinMs = 250;
const pauseMaxMs = 5_000;

export type InformerState =
  /** No list yet. */
  | 'starting'
  /** The cache follows the cluster. */
  | 'following'
  /** The last contact failed; the cache is of before that. */
  | 'cut-off';

export interface InformerOptions<T extends Kept> {
  readonly client: ApiClient;
  readonly kind: Kind<T>;
  /** A watch lasts so long; then a new list proves contact and checks the cache. */
  readonly relistMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (storeId: string) => void;
  readonly onState: (state: InformerState, error: DomainError | null) => void;
  /** A list on the timer found so many differences that the watch had not told. */
  readonly onCorrection: (differences: number) => void;
}

const watchLineSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
const bookmarkSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const errorSchema = z.object({ code: z.number().default(0), message: z.string().default('') });

export class Informer<T extends Kept> {
  readonly #options: InformerOptions<T>;
  readonly #cache = new Map<string, Map<string, T>>();
  #state: InformerState = 'starting';
  #resourceVersion = '';
  #contactAt = performance.now();
  #listedAt = 0;
  #isSynced = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
  }

  get state(): InformerState {
    return this.#state;
  }

  /** True since the first complete list. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  get resource(): string {
    return this.#options.kind.resource;
  }

  get secondsSinceContact(): number {
    return (performance.now() - this.#contactAt) / 1000;
  }

  /** Objects in a namespace; those without one are under ''. */
  list(namespace: string): T[] {
    return [...(this.#cache.get(namespace)?.values() ?? [])];
  }

  get(namespace: string, name: string): T | null {
    return this.#cache.get(namespace)?.get(name) ?? null;
  }

  /** Runs until the signal aborts. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === '' || performance.now() - this.#listedAt >= this.#options.relistMs)
          await this.#relist();
        await this.#follow();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const failure = toFailure(error);
        if (failure.details['status'] === 410) {
          // The version is too old, which is no loss of contact: one new list catches up.
          this.#resourceVersion = '';
          await pause(pauseMinMs, signal);
          continue;
        }
        // Facts that do not parse, or a server that refuses the version, are not cured by the same version again.
        if (failure.code !== 'cluster.unreachable' && failure.code !== 'cluster.busy') this.#resourceVersion = '';
        if (this.#state === 'following') failures = 0;
        this.#enter('cut-off', failure);
        await pause(jitter(Math.min(pauseMaxMs, pauseMinMs * 2 ** failures)), signal);
        failures += 1;
      }
    }
  }

  async #relist(): Promise<void> {
    const { client, kind, signal, onChange, onCorrection } = this.#options;
    const found = new Map<string, T>();
    let next = '';
    let resourceVersion = '';
    do {
      const query = { labelSelector: kind.labelSelector, limit: pageItems, ...(next === '' ? {} : { continue: next }) };
      const page = parseList(await client.readJson(toPath(kind), query, signal), kind.schema);
      for (const item of page.items) found.set(`${item.namespace}/${item.name}`, item);
      next = page.next;
      resourceVersion = page.resourceVersion;
    } while (next !== '');

    const differing: Kept[] = [];
    for (const known of [...this.#cache.values()].flatMap((objects) => [...objects.values()])) {
      if (!found.has(`${known.namespace}/${known.name}`)) differing.push(known);
    }
    for (const item of differing) this.#remove(item);
    for (const item of found.values()) {
      if (this.get(item.namespace, item.name)?.resourceVersion === item.resourceVersion) continue;
      this.#put(item);
      differing.push(item);
    }
    if (this.#isSynced && this.#state === 'following') onCorrection(differing.length);
    this.#resourceVersion = resourceVersion;
    this.#listedAt = performance.now();
    this.#isSynced = true;
    this.#enter('following', null);
    for (const item of differing) {
      const storeId = kind.toStoreId(item);
      if (storeId !== null) onChange(storeId);
    }
  }

  async #follow(): Promise<void> {
    const { client, kind, signal, relistMs } = this.#options;
    const watchSeconds = Math.ceil(relistMs / 1000);
    const query = {
      labelSelector: kind.labelSelector,
      resourceVersion: this.#resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: watchSeconds,
    };
    await client.watch(toPath(kind), query, {
      signal,
      silenceMs: (watchSeconds + 10) * 1000,
      onOpen: () => this.#enter('following', null),
      onLine: (line) => {
        try {
          this.#take(line);
        } catch (error) {
          throw toFailure(error);
        }
      },
    });
  }

  #take(line: string): void {
    const { kind, onChange } = this.#options;
    this.#contactAt = performance.now();
    const { type, object } = watchLineSchema.parse(JSON.parse(line));
    if (type === 'ERROR') {
      const { code, message } = errorSchema.parse(object);
      throw new DomainError('cluster.rejected', { status: code }, { message: `the watch was ended: ${message}` });
    }
    if (type === 'BOOKMARK') {
      this.#resourceVersion = bookmarkSchema.parse(object).metadata.resourceVersion;
      return;
    }
    const facts = kind.schema.parse(object);
    this.#resourceVersion = facts.resourceVersion;
    if (type === 'DELETED') this.#remove(facts);
    else this.#put(facts);
    const storeId = kind.toStoreId(facts);
    if (storeId !== null) onChange(storeId);
  }

  #put(item: T): void {
    const objects = this.#cache.get(item.namespace) ?? new Map<string, T>();
    this.#cache.set(item.namespace, objects.set(item.name, item));
  }

  #remove({ namespace, name }: Kept): void {
    const objects = this.#cache.get(namespace);
    objects?.delete(name);
    if (objects?.size === 0) this.#cache.delete(namespace);
  }

  #enter(state: InformerState, error: DomainError | null): void {
    if (state === 'following') this.#contactAt = performance.now();
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state, error);
  }
}

function toFailure(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DomainError(
    'cluster.rejected',
    {},
    { cause: error, message: `an answer of the API server does not parse: ${message}` },
  );
}

function jitter(ms: number): number {
  return ms / 2 + (ms / 2) * Math.random();
}
