/**
 * What callers may wish of stores. Writes the wish through the api's door, then rings. Whether and how a wish comes true
 * is the worker's and the reconciler's business.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { isStoreId, toStoreHost } from '@urumi/shared/domain/names';
import type { PlanId } from '@urumi/shared/domain/plans';
import { generateStoreId } from '@urumi/shared/domain/store-id';
import type { StoreRecord, Tombstone } from '@urumi/shared/domain/store';
import { Doorbell } from '@urumi/shared/server/queue/doorbell';
import { publishWish } from '@urumi/shared/server/queue/wishes';
import { createStore, findCreated, type CreatedStore } from '@urumi/shared/server/store/creation';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { PinoLogger } from 'nestjs-pino';
import type { CallerIdentity } from '../auth/caller.ts';
import { apiConfig, type ApiConfig } from '../config.ts';
import { EnginesService } from '../engines/engines.service.ts';
import { QueueReader } from '../queues/queue-reader.ts';
import { apiDoor, redisConnection, type ApiDoor, type RedisConnection } from '../records/records.module.ts';
import type { ChangeStoreBody } from './dto/change-store.dto.ts';
import type { CreateStoreBody } from './dto/create-store.dto.ts';
import type { ListStoresQuery } from './dto/list-stores.dto.ts';
import type { RetryStoreBody } from './dto/retry-store.dto.ts';
import type { PermissionView, StorePageView, StoreView, TimelineView } from './dto/store-view.dto.ts';
import { parseIdempotency, type Idempotency } from './idempotency.ts';
import { buildListTag, isKnownTag } from './list-tag.ts';
import { explainCancel, explainChange, explainRetry } from './permissions.ts';
import { StepExpectation, type ExpectedByKind } from './step-expectation.ts';
import { toDeletedView, toStoreView, toTimelineEntryView, waitsInLine } from './store.presenter.ts';
import { readWishedHost } from './wished-host.ts';

export interface CreateResult {
  readonly store: StoreView;
  readonly replayed: boolean;
}

export interface ListResult {
  readonly tag: string;
  readonly lastPassAt: string | null;
  /** `null` where the caller has this page already. */
  readonly page: StorePageView | null;
}

type Found =
  | { readonly kind: 'living'; readonly record: StoreRecord }
  | { readonly kind: 'deleted'; readonly tombstone: Tombstone };

/** What a caller wishes, as it counts for a repeated key; no host: one is made. */
interface StoreWish {
  readonly name: string;
  readonly engine: EngineId;
  readonly plan: PlanId;
  readonly host: string | null;
}

/** Ids are random; a clash is so rare that a second one in a row is a fault. */
const idTriesMax = 3;

@Injectable()
export class StoresService {
  constructor(
    @Inject(apiConfig) private readonly config: ApiConfig,
    @Inject(redisConnection) private readonly redis: RedisConnection,
    @Inject(apiDoor) private readonly door: ApiDoor,
    private readonly repository: StoreRepository,
    private readonly doorbell: Doorbell,
    private readonly queue: QueueReader,
    private readonly engines: EnginesService,
    private readonly expectation: StepExpectation,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * @throws DomainError `engine.unavailable`, `store.name-taken`, `store.host-taken`, `store.host-invalid`, `quota.stores-exceeded`, `idempotency.key-invalid`,
   *   `idempotency.key-reused`, `records.rebuilding`, `redis.unavailable`
   *
   * Safe to repeat with a key: the first answer is given again.
   */
  async create(caller: CallerIdentity, body: CreateStoreBody, key: string | undefined): Promise<CreateResult> {
    const { baseDomain } = this.config;
    const host = isGiven(body.host) ? readWishedHost(body.host, { baseDomain, storeId: null }) : null;
    const wish = { name: body.name.trim(), engine: body.engine, plan: body.plan ?? 'S', host };
    const idempotency = parseIdempotency(key, wish);
    // A repeated wish gets its first answer, whatever became of its engine meanwhile.
    const obstacle = await this.engines.findObstacle(wish.engine);
    if (obstacle !== null && (await findCreated(this.redis, { owner: caller.owner, idempotency })) === null)
      throw obstacle;
    const { outcome, record } = await this.#claim(caller, wish, idempotency);
    const replayed = outcome === 'replayed';
    await this.#announce(caller, record, replayed ? 'sweep' : 'wish');
    return { store: await this.#show(record, noPlaces), replayed };
  }

  /** @throws DomainError `redis.unavailable` */
  async list({ owner }: CallerIdentity, query: ListStoresQuery, knownTag: string | undefined): Promise<ListResult> {
    const [version, lastPass, expected] = await Promise.all([
      this.repository.listVersion(owner),
      this.repository.readLastPass(),
      this.expectation.read(),
    ]);
    const tag = buildListTag([owner, version, query, this.config.storeAddress, expected]);
    const lastPassAt = lastPass === null ? null : new Date(lastPass).toISOString();
    if (isKnownTag(knownTag, tag)) return { tag, lastPassAt, page: null };

    const { status, engine, q, limit, cursor } = query;
    const { records, nextCursor } = await this.repository.list({ owner, status, engine, q, limit, cursor });
    const places = await this.#readPlaces(records);
    const items = records.map((record) => this.#toView(record, { places, expected }));
    return { tag, lastPassAt, page: { items, nextCursor } };
  }

  /** @throws DomainError `store.not-found`, `redis.unavailable` */
  async read(caller: CallerIdentity, id: string): Promise<StoreView> {
    const found = await this.#find(caller, id);
    if (found.kind === 'deleted') return toDeletedView(found.tombstone, this.config.storeAddress);
    return this.#show(found.record);
  }

  /**
   * @throws DomainError `store.not-found`, `records.rebuilding`, `redis.unavailable`
   *
   * Safe to repeat: a wish already made only rings again.
   */
  async delete(caller: CallerIdentity, id: string): Promise<StoreView> {
    const found = await this.#find(caller, id);
    if (found.kind === 'deleted') return toDeletedView(found.tombstone, this.config.storeAddress);
    const { record } = await this.door.apply(id, { type: 'DeletionRequested' }, { actor: caller.name });
    // Gone between the look and the wish: the tombstone answers.
    if (record === null) return this.read(caller, id);
    await this.#announce(caller, record, 'wish');
    return this.#show(record, noPlaces);
  }

  /** @throws DomainError `store.not-found`, `store.action-not-allowed`, `store.data-lost`, `records.rebuilding`, `redis.unavailable` */
  async retry(caller: CallerIdentity, id: string, body: RetryStoreBody | undefined): Promise<StoreView> {
    const found = await this.#find(caller, id);
    if (found.kind === 'deleted') throw toRefusal('retry', null, explainRetry);
    const event = { type: 'RetryRequested', recreate: body?.recreate ?? false } as const;
    const result = await this.door.apply(id, event, { actor: caller.name });
    if (result.outcome === 'refused') {
      throw result.refusal === 'data-lost'
        ? new DomainError('store.data-lost', { storeId: id })
        : toRefusal('retry', result.record, explainRetry);
    }
    await this.#announce(caller, result.record, 'wish');
    return this.#show(result.record, noPlaces);
  }

  /**
   * @throws DomainError `store.not-found`, `store.action-not-allowed`, `store.host-invalid`, `store.host-taken`,
   *   `request.invalid`, `records.rebuilding`, `redis.unavailable`
   *
   * Safe to repeat: what is wished already is no new wish, and only rings again.
   */
  async change(caller: CallerIdentity, id: string, body: ChangeStoreBody): Promise<StoreView> {
    const found = await this.#find(caller, id);
    if (!isGiven(body.plan) && !isGiven(body.host)) {
      throw new DomainError('request.invalid', { reason: 'it names neither a size nor an address' });
    }
    if (found.kind === 'deleted') throw toRefusal('change', null, explainChange);
    const { baseDomain } = this.config;
    const event = {
      type: 'ChangeRequested',
      ...(isGiven(body.plan) && { plan: body.plan }),
      ...(isGiven(body.host) && { host: readWishedHost(body.host, { baseDomain, storeId: id }) }),
    } as const;
    const result = await this.door.apply(id, event, { actor: caller.name });
    const { record } = result;
    if (record === null || (result.outcome === 'refused' && result.refusal !== 'already-done')) {
      throw toRefusal('change', record, explainChange);
    }
    await this.#announce(caller, record, result.outcome === 'applied' ? 'wish' : 'sweep');
    return this.#show(record, noPlaces);
  }

  /** @throws DomainError `store.not-found`, `store.action-not-allowed`, `records.rebuilding`, `redis.unavailable` */
  async cancel(caller: CallerIdentity, id: string): Promise<StoreView> {
    const found = await this.#find(caller, id);
    if (found.kind === 'deleted') throw toRefusal('cancel', null, explainCancel);
    const result = await this.door.apply(id, { type: 'CancelRequested' }, { actor: caller.name });
    if (result.outcome === 'refused') throw toRefusal('cancel', result.record, explainCancel);
    await this.#announce(caller, result.record, 'wish');
    return this.#show(result.record, noPlaces);
  }

  /** @throws DomainError `store.not-found`, `redis.unavailable` */
  async readTimeline(caller: CallerIdentity, id: string): Promise<TimelineView> {
    await this.#find(caller, id);
    const entries = await this.repository.readTimeline(id);
    return { entries: entries.map((entry) => toTimelineEntryView(entry, id)) };
  }

  /** The one place that decides whose store it is: another owner's is as unknown as none. */
  async #find(caller: CallerIdentity, id: string): Promise<Found> {
    const record = isStoreId(id) ? (await this.repository.read(id))?.record : undefined;
    if (record?.identity.owner === caller.owner) return { kind: 'living', record };
    const tombstone = isStoreId(id) ? await this.repository.readTombstone(id) : null;
    if (tombstone?.identity.owner === caller.owner) return { kind: 'deleted', tombstone };
    throw new DomainError('store.not-found');
  }

  async #claim(
    caller: CallerIdentity,
    wish: StoreWish,
    idempotency: Idempotency | null,
    triesLeft = idTriesMax,
  ): Promise<CreatedStore> {
    const id = generateStoreId();
    const host = wish.host ?? toStoreHost(id, this.config.baseDomain);
    const { storesMax } = this.config;
    const claim = { ...wish, id, host, owner: caller.owner, actor: caller.name, storesMax, idempotency };
    try {
      return await createStore(this.redis, claim);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      if (error.code === 'store.name-taken') throw new DomainError(error.code, { ...error.details, name: wish.name });
      // An address of our making is taken where an id came twice: another id has another.
      if (error.code !== 'store.host-taken' || wish.host !== null || triesLeft <= 1) throw error;
      return this.#claim(caller, wish, idempotency, triesLeft - 1);
    }
  }

  /** Tells worker and running attempts. A failed ring costs time, not the wish: the sweep rings for what is owed. */
  async #announce(caller: CallerIdentity, { identity, desired }: StoreRecord, how: 'wish' | 'sweep'): Promise<void> {
    const { generation, intent } = desired;
    const ring = { storeId: identity.id, generation, intent, owner: identity.owner, traceId: caller.requestId };
    try {
      await Promise.all([this.doorbell.ring(ring, how), publishWish(this.redis, identity.id)]);
    } catch (error) {
      this.logger.warn({ err: error, storeId: identity.id }, 'the wish is recorded, but the ring failed');
    }
  }

  /** Places are a courtesy: without them the page is still right. */
  async #readPlaces(records: readonly StoreRecord[]): Promise<ReadonlyMap<string, number>> {
    if (!records.some(waitsInLine)) return new Map();
    try {
      return await this.queue.readPlaces();
    } catch (error) {
      this.logger.warn({ err: error }, 'the places in line could not be read');
      return new Map();
    }
  }

  /** @param places  where they are known; read where not */
  async #show(record: StoreRecord, places?: ReadonlyMap<string, number>): Promise<StoreView> {
    const [known, expected] = await Promise.all([places ?? this.#readPlaces([record]), this.expectation.read()]);
    return this.#toView(record, { places: known, expected });
  }

  #toView(
    record: StoreRecord,
    { places, expected }: { readonly places: ReadonlyMap<string, number>; readonly expected: ExpectedByKind },
  ): StoreView {
    const { id, engine } = record.identity;
    return toStoreView(record, {
      address: this.config.storeAddress,
      queuePosition: places.get(id) ?? null,
      expected: expected[`${engine} ${record.desired.plan}`],
    });
  }
}

/** A field that is sent as `null` is one that is left out: class-validator's `IsOptional` lets both through. */
function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

/** A wish that was just made has no place in line yet that would be worth a look. */
const noPlaces: ReadonlyMap<string, number> = new Map();

/** @param record  `null` for a deleted store */
function toRefusal(
  action: 'retry' | 'change' | 'cancel',
  record: StoreRecord | null,
  explain: (record: StoreRecord) => PermissionView,
): DomainError {
  const reason = record === null ? 'The store is deleted.' : (explain(record).reason ?? '');
  return new DomainError('store.action-not-allowed', { action, status: record?.status.value ?? 'deleted', reason });
}
