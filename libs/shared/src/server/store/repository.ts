/** Reads of records, feeds and the few platform-wide facts beside them. Changes go through the door (`door.ts`). */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { engineSchema, type EngineId } from '../../domain/engines/catalog.ts';
import { toNameKey } from '../../domain/names.ts';
import type { PlanId } from '../../domain/plans.ts';
import {
  statuses,
  tombstoneSchema,
  type Desired,
  type StatusValue,
  type StoreRecord,
  type Tombstone,
} from '../../domain/store.ts';
import { upgradeTombstone } from '../../domain/upgrade.ts';
import { stepNames, type StepName } from '../../domain/steps.ts';
import { timelineEntrySchema, type TimelineEntry } from '../../domain/timeline-entry.ts';
import { withinDeadline } from '../redis/connection.ts';
import { runScript } from '../redis/script.ts';
import { keys } from './keys.ts';
import { parseRecord, toFields } from './record-codec.ts';
import { keepScript, passScript, readScript } from './scripts.ts';

const readDeadlineMs = 800;
const pageReadMax = 100;

export interface StoreSnapshot {
  readonly record: StoreRecord;
  readonly version: number;
  /** Redis time of the read, in milliseconds. */
  readonly now: number;
}

export interface ListQuery {
  readonly owner: string;
  readonly status?: readonly StatusValue[] | undefined;
  readonly engine?: EngineId | undefined;
  /** Part of a name or an id; case does not matter. */
  readonly q?: string | undefined;
  readonly limit: number;
  /** As returned with the page before. */
  readonly cursor?: string | undefined;
}

export interface StorePage {
  readonly records: readonly StoreRecord[];
  readonly nextCursor: string | null;
}

const stepTimesSchema = z.record(z.enum(stepNames), z.int().min(0));

const activitySchema = z.object({
  at: z.int(),
  actor: z.string(),
  storeId: z.string(),
  storeName: z.string(),
  type: z.string(),
  status: z.string(),
  text: z.string(),
});
export type ActivityEntry = z.infer<typeof activitySchema> & { readonly id: string };

/** How far the cluster is, written by whoever brings it up. `secondsLeft` is an estimate. */
const progressSchema = z.object({
  step: z.string(),
  label: z.string(),
  percent: z.number(),
  secondsLeft: z.number().nullable(),
  ready: z.boolean(),
  at: z.number(),
});
export type ClusterProgress = z.infer<typeof progressSchema>;

/** Engines whose availability changes while Urumi runs, written by whoever provides their images. */
const availabilitySchema = z.partialRecord(
  engineSchema,
  z.object({
    available: z.boolean(),
    /** A sentence for people where it is not. */
    reason: z.string().nullable(),
    /** Version of the application that new stores get, where it is known. */
    version: z.string().nullable(),
  }),
);
export type EngineAvailability = z.infer<typeof availabilitySchema>;

export class StoreRepository {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws DomainError `redis.unavailable`, `record.schema-newer`, `invariant.broken` */
  async read(id: string): Promise<StoreSnapshot | null> {
    const [now, flat] = (await runScript(this.#redis, readScript, [keys.store(id)], [])) as [number, string[]];
    const parsed = parseRecord(toFields(flat));
    return parsed && { ...parsed, now };
  }

  async readTombstone(id: string): Promise<Tombstone | null> {
    const text = await this.#within(this.#redis.get(keys.tombstone(id)));
    return text === null ? null : tombstoneSchema.parse(upgradeTombstone(JSON.parse(text)));
  }

  /** One page of an owner's stores, newest first. Deleted stores are not listed. */
  async list(query: ListQuery): Promise<StorePage> {
    const ids = await this.#within(this.#redis.zrevrange(keys.ownerStores(query.owner), '0', '-1'));
    const wanted = query.status && (await this.#filterByStatus(query.owner, ids, query.status));
    const candidates = wanted ?? ids;
    const start = query.cursor === undefined ? 0 : await this.#findStart(query.owner, candidates, query.cursor);
    const needle = query.q === undefined ? null : toNameKey(query.q);

    const records: StoreRecord[] = [];
    for (let index = start; index < candidates.length; index += pageReadMax) {
      for (const record of await this.readMany(candidates.slice(index, index + pageReadMax))) {
        if (query.engine !== undefined && record.identity.engine !== query.engine) continue;
        if (needle !== null && !matches(record, needle)) continue;
        if (records.length === query.limit) {
          return { records, nextCursor: toCursor(records[records.length - 1] ?? record) };
        }
        records.push(record);
      }
    }
    return { records, nextCursor: null };
  }

  /** Records of these ids in the same order; ids without a record are left out. */
  async readMany(ids: readonly string[]): Promise<StoreRecord[]> {
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of ids) pipeline.hgetall(keys.store(id));
    const answers = await this.#within(pipeline.exec());
    const records: StoreRecord[] = [];
    for (const [error, value] of answers ?? []) {
      if (error) throw error;
      const parsed = parseRecord(new Map(Object.entries(value as Record<string, string>)));
      if (parsed) records.push(parsed.record);
    }
    return records;
  }

  /** Changes with every change of any store of this owner. */
  async listVersion(owner: string): Promise<string> {
    return (await this.#within(this.#redis.get(keys.listVersion(owner)))) ?? '0';
  }

  async listIds(): Promise<string[]> {
    return this.#within(this.#redis.zrange(keys.stores, '0', '-1'));
  }

  /** Stores the worker still owes something, longest debt first. */
  async listOwedIds(): Promise<{ ids: string[]; now: number }> {
    return { ids: await this.#within(this.#redis.zrange(keys.owed, '0', '-1')), now: await readTime(this.#redis) };
  }

  async countByStatus(owner: string): Promise<Record<StatusValue, number>> {
    const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<StatusValue, number>;
    for (const value of await this.#within(this.#redis.hvals(keys.statuses(owner)))) counts[value as StatusValue] += 1;
    return counts;
  }

  /** How many stores of this owner the worker owes something: to make or change, or to delete. */
  async countOwed(owner: string, intent: Desired['intent']): Promise<number> {
    return this.#within(this.#redis.scard(keys.ownerOwed(owner, intent)));
  }

  /** True while an attempt on this store holds its lease. */
  async isLeased(id: string): Promise<boolean> {
    return (await this.#within(this.#redis.exists(keys.lease(id)))) === 1;
  }

  /** Oldest first. */
  async readTimeline(id: string): Promise<TimelineEntry[]> {
    const entries = await this.#within(this.#redis.lrange(keys.timeline(id), 0, -1));
    return entries.map((entry) => timelineEntrySchema.parse(JSON.parse(entry)));
  }

  /** Lengths of each step of the last stores of this engine and size that became ready, in milliseconds; bounded. */
  async readStepTimes(engine: EngineId, plan: PlanId): Promise<readonly Record<StepName, number>[]> {
    const runs = await this.#within(this.#redis.lrange(keys.stepTimes(engine, plan), 0, -1));
    return runs.flatMap((run) => stepTimesSchema.safeParse(JSON.parse(run)).data ?? []);
  }

  /** Newest first. */
  async readActivity(
    owner: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ entries: ActivityEntry[]; nextCursor: string | null }> {
    const end = page.cursor === undefined ? '+' : `(${page.cursor}`;
    const rows = await this.#within(this.#redis.xrevrange(keys.activity(owner), end, '-', 'COUNT', page.limit));
    const entries = rows.map(([id, fields]) => ({ id, ...activitySchema.parse(JSON.parse(fields[1] ?? 'null')) }));
    return { entries, nextCursor: rows.length < page.limit ? null : (entries[entries.length - 1]?.id ?? null) };
  }

  /** Time of the reconciler's last full pass. */
  async readLastPass(): Promise<number | null> {
    const text = await this.#within(this.#redis.get(keys.lastPass));
    return text === null ? null : Number(text);
  }

  /** Since when the reconciler blames the way to all shops and judges none by its page; `null` while the way is well. */
  async readRouteFault(): Promise<number | null> {
    const text = await this.#within(this.#redis.get(keys.routeFault));
    return text === null ? null : Number(text);
  }

  /** A full pass ended now. A fault of the route keeps the time at which a pass found it first. */
  async writeLastPass({ isRouteAtFault = false } = {}): Promise<void> {
    const now = await readTime(this.#redis);
    const fault = isRouteAtFault ? '1' : '0';
    await runScript(this.#redis, passScript, [keys.lastPass, keys.routeFault], [String(now), fault]);
  }

  /** The gate: while it is shut, nothing but adoption writes. */
  async isGateOpen(): Promise<boolean> {
    return (await this.#within(this.#redis.exists(keys.gate))) === 1;
  }

  async openGate(): Promise<void> {
    await runScript(this.#redis, keepScript, [keys.gate], [String(await readTime(this.#redis))]);
  }

  async readClusterProgress(): Promise<ClusterProgress | null> {
    const text = await this.#within(this.#redis.get(keys.progress));
    return text === null ? null : progressSchema.parse(JSON.parse(text));
  }

  async writeClusterProgress(progress: ClusterProgress): Promise<void> {
    await this.#within(this.#redis.set(keys.progress, JSON.stringify(progress)));
  }

  /** Empty where nobody has said anything. */
  async readEngineAvailability(): Promise<EngineAvailability> {
    const text = await this.#within(this.#redis.get(keys.engines));
    return text === null ? {} : availabilitySchema.parse(JSON.parse(text));
  }

  async writeEngineAvailability(availability: EngineAvailability): Promise<void> {
    await this.#within(this.#redis.set(keys.engines, JSON.stringify(availability)));
  }

  async #filterByStatus(owner: string, ids: readonly string[], wanted: readonly StatusValue[]): Promise<string[]> {
    const byId = await this.#within(this.#redis.hgetall(keys.statuses(owner)));
    return ids.filter((id) => wanted.some((status) => byId[id] === status));
  }

  /**
   * The place after the cursor's store. Where that store is gone or left the filter meanwhile, the place of the first
   * older one, so that nothing is shown twice or skipped.
   */
  async #findStart(owner: string, ids: readonly string[], cursor: string): Promise<number> {
    const [createdAt, id] = parseCursor(cursor);
    const index = ids.indexOf(id);
    if (index >= 0) return index + 1;
    const older = await this.#within(this.#redis.zrevrangebyscore(keys.ownerStores(owner), `(${createdAt}`, '-inf'));
    const olderIds = new Set(older);
    const place = ids.findIndex((candidate) => olderIds.has(candidate));
    return place < 0 ? ids.length : place;
  }

  #within<T>(work: Promise<T>): Promise<T> {
    return withinDeadline(work, readDeadlineMs);
  }
}

/** Redis time in milliseconds: the only clock of records. */
export async function readTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await withinDeadline(redis.time(), readDeadlineMs);
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

/** True where `text` has the form of a cursor this module made. */
export function isCursor(text: string): boolean {
  return /^\d{1,16}-[a-z0-9]{1,16}$/.test(text);
}

function toCursor(record: StoreRecord): string {
  return `${record.identity.createdAt}-${record.identity.id}`;
}

function parseCursor(cursor: string): [number, string] {
  const [createdAt = '0', id = ''] = cursor.split('-');
  return [Number(createdAt), id];
}

function matches(record: StoreRecord, needle: string): boolean {
  return toNameKey(record.identity.name).includes(needle) || record.identity.id.includes(needle);
}
