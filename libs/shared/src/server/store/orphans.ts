/**
 * What nobody owns any more: a namespace, a record, a job or a claim whose other half is gone. Finding is pure and removes
 * nothing; when each was first seen is kept beside the records, so that an administrator can wait before removing.
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { StoreRecord } from '../../domain/store.ts';
import { withinDeadline } from '../redis/connection.ts';
import { keys } from './keys.ts';
import { readTime } from './repository.ts';

const deadlineMs = 800;

export const orphanKinds = ['namespace', 'record', 'job', 'claim'] as const;
export type OrphanKind = (typeof orphanKinds)[number];

export interface Orphan {
  readonly kind: OrphanKind;
  /** Namespace, store id, job id, or `<hash key> <field>` of a claim. */
  readonly name: string;
  /** The store that it names, where it names one. */
  readonly storeId: string | null;
  /** For people. */
  readonly why: string;
}

/** A claim of a name or a host: one field of a hash. */
export interface Claim {
  readonly key: string;
  readonly field: string;
  readonly storeId: string;
}

export interface OrphanFacts {
  /** Namespaces of this installation without a living store. */
  readonly namespaces: readonly { readonly name: string; readonly why: string }[];
  readonly jobs: readonly { readonly jobId: string; readonly storeId: string }[];
  readonly claims: readonly Claim[];
  /** Read after claims and jobs: what they name was made no later than they. */
  readonly records: readonly Pick<StoreRecord, 'identity' | 'status'>[];
}

export function findOrphans({ namespaces, jobs, claims, records }: OrphanFacts): Orphan[] {
  const known = new Set(records.map(({ identity }) => identity.id));
  const lost = records.filter(({ status }) => status.reason === 'NamespaceLost');
  return [
    ...namespaces.map(({ name, why }): Orphan => ({ kind: 'namespace', name, storeId: null, why })),
    ...lost.map(({ identity }): Orphan => {
      return { kind: 'record', name: identity.id, storeId: identity.id, why: 'its namespace is gone' };
    }),
    ...jobs
      .filter(({ storeId }) => !known.has(storeId))
      .map(({ jobId, storeId }): Orphan => ({ kind: 'job', name: jobId, storeId, why: 'its store has no record' })),
    ...claims
      .filter(({ storeId }) => !known.has(storeId))
      .map(({ key, field, storeId }): Orphan => {
        return { kind: 'claim', name: `${key} ${field}`, storeId, why: 'its store has no record' };
      }),
  ];
}

/** Every claim of a name or host. @throws DomainError `redis.unavailable` */
export async function readClaims(redis: Redis): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const key of [keys.hosts, ...(await scan(redis, keys.names('*')))]) {
    for (const [field, storeId] of Object.entries(await withinDeadline(redis.hgetall(key), deadlineMs))) {
      claims.push({ key, field, storeId });
    }
  }
  return claims;
}

async function scan(redis: Redis, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, page] = await withinDeadline(redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000), deadlineMs);
    for (const key of page) found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}

const entrySchema = z.object({
  kind: z.enum(orphanKinds),
  name: z.string(),
  storeId: z.string().nullable(),
  why: z.string(),
  /** Redis time, in milliseconds. */
  firstSeenAt: z.int(),
});
export type SeenOrphan = z.infer<typeof entrySchema>;

const toField = ({ kind, name }: Pick<Orphan, 'kind' | 'name'>): string => `${kind} ${name}`;

/**
 * Remembers since when each orphan is seen and forgets those that are none any more. For the leading reconciler.
 * @throws DomainError `redis.unavailable`
 *
 * Safe to repeat.
 */
export async function rememberOrphans(redis: Redis, found: readonly Orphan[]): Promise<void> {
  const now = await readTime(redis);
  const known = await withinDeadline(redis.hkeys(keys.orphans), deadlineMs);
  const fields = new Set(found.map(toField));
  const gone = known.filter((field) => !fields.has(field));
  const work = redis.pipeline();
  if (gone.length > 0) work.hdel(keys.orphans, ...gone);
  for (const orphan of found) {
    work.hsetnx(keys.orphans, toField(orphan), JSON.stringify({ ...orphan, firstSeenAt: now }));
  }
  await withinDeadline(work.exec(), deadlineMs);
}

/** What the reconciler last found, oldest first, with the present Redis time. @throws DomainError `redis.unavailable` */
export async function readOrphans(redis: Redis): Promise<{ orphans: SeenOrphan[]; now: number }> {
  const entries = await withinDeadline(redis.hvals(keys.orphans), deadlineMs);
  const orphans = entries.map((entry) => entrySchema.parse(JSON.parse(entry)));
  return { orphans: orphans.sort((a, b) => a.firstSeenAt - b.firstSeenAt), now: await readTime(redis) };
}
