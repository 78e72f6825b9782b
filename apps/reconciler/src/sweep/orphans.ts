/** Looks for what nobody owns: namespaces, records, jobs, claims. It is counted and remembered, never removed here. */
import type { openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { listOpenJobs } from '@urumi/shared/server/queue/job-list';
import type { connectFailFast } from '@urumi/shared/server/redis/connection';
import { findOrphans, readClaims, rememberOrphans, type Orphan } from '@urumi/shared/server/store/orphans';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { NamespaceFacts } from '../watch/facts.ts';
import { findLeftovers } from './leftovers.ts';

export interface OrphanOptions {
  readonly redis: ReturnType<typeof connectFailFast>;
  readonly repository: StoreRepository;
  readonly queue: ReturnType<typeof openStoreQueue>;
  readonly namespaces: readonly NamespaceFacts[];
}

const pageIds = 100;

const whyLeft = {
  deleted: 'its store was deleted',
  unknown: 'it has no record, and no stamp that could become one',
} as const;

/** @throws DomainError `redis.unavailable` */
export async function lookForOrphans({ redis, repository, queue, namespaces }: OrphanOptions): Promise<Orphan[]> {
  // In this order: a store made meanwhile is then known, whatever was seen of it.
  const [claims, jobs] = await Promise.all([readClaims(redis), listOpenJobs(queue)]);
  const records = await readAll(repository);
  const known = new Set(records.map(({ identity }) => identity.id));
  const leftovers = await findLeftovers(namespaces, known, (storeId) => repository.readTombstone(storeId));
  const orphans = findOrphans({
    namespaces: leftovers.map(({ namespace, kind }) => ({ name: namespace, why: whyLeft[kind] })),
    jobs,
    claims,
    records,
  });
  await rememberOrphans(redis, orphans);
  return orphans;
}

async function readAll(repository: StoreRepository): Promise<StoreRecord[]> {
  const ids = await repository.listIds();
  const records: StoreRecord[] = [];
  for (let index = 0; index < ids.length; index += pageIds) {
    records.push(...(await repository.readMany(ids.slice(index, index + pageIds))));
  }
  return records;
}
