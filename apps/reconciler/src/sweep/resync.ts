/**
 * A full pass: every record is judged anew by the same look that watches ask for. It counts as one, and its time is
 * written, only if every store was looked at while all caches followed the cluster. Evidence of the page is then at most
 * as old as a ready shop's probe may be, or the way to all shops is said to be at fault beside it; the caches themselves are checked by new lists on a timer of their own.
 */
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { ClusterView } from '../watch/cluster-view.ts';
import type { RouteHealth } from '../probe/route-health.ts';
import type { DirtyStores } from '../watch/dirty-stores.ts';

export interface PassOptions {
  readonly repository: StoreRepository;
  readonly view: Pick<ClusterView, 'isFollowing' | 'isSynced'>;
  readonly stores: DirtyStores;
  readonly route: Pick<RouteHealth, 'isAtFault'>;
}

/** @returns whether it was a full pass. @throws DomainError `redis.unavailable` */
export async function runPass({ repository, view, stores, route }: PassOptions): Promise<boolean> {
  const isInContact = (): boolean => view.isSynced && view.isFollowing;
  const ids = await repository.listIds();
  const began = isInContact();
  const looked = await stores.lookAt(ids, 'pass');
  if (!began || !isInContact() || looked < ids.length) return false;
  await repository.writeLastPass({ isRouteAtFault: route.isAtFault() });
  return true;
}
