/**
 * Every question the dashboard asks, with its key and its cadence. Keys live here only. A call that fails is not repeated
 * by its query: `app/recovery.ts` asks again for all of them together, with back-off.
 */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import type { StatusValue } from '@urumi/shared/domain/store';
import { cadence } from './cadence.ts';
import * as calls from './calls.ts';
import { contact } from './contact.ts';
import { session } from './session.ts';
import type { StoreView } from './generated/types.gen.ts';

export interface StoreFilter {
  readonly q?: string | undefined;
  readonly status?: readonly StatusValue[] | undefined;
  readonly engine?: EngineId | undefined;
}

export const storesKey = ['stores'] as const;
const pageSize = 100;

/** Pages of 100, appended; faster while any store moves. */
export function storesQuery(filter: StoreFilter) {
  return infiniteQueryOptions({
    queryKey: [...storesKey, filter],
    queryFn: ({ pageParam, signal }) =>
      calls.listStores({ ...filter, status: filter.status?.join(','), limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => {
      const moves = state.data?.pages.some((page) => page.items.some(isMoving)) === true;
      return pace(state, moves ? cadence.listMoving : cadence.listCalm);
    },
  });
}

export function storeQuery(id: string) {
  return queryOptions({
    queryKey: ['store', id],
    queryFn: ({ signal }) => calls.readStore(id, signal),
    refetchInterval: ({ state }) =>
      pace(state, state.data !== undefined && isMoving(state.data) ? cadence.storeMoving : cadence.storeCalm),
  });
}

/** @param moving follows the store's own cadence */
export function timelineQuery(id: string, moving: boolean) {
  return queryOptions({
    queryKey: ['timeline', id],
    queryFn: ({ signal }) => calls.readTimeline(id, signal),
    refetchInterval: ({ state }) => pace(state, moving ? cadence.storeMoving : cadence.timelineCalm),
  });
}

export const activityQuery = infiniteQueryOptions({
  queryKey: ['activity'],
  queryFn: ({ pageParam, signal }) => calls.readActivity({ limit: pageSize, cursor: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  refetchInterval: ({ state }) => pace(state, cadence.activity),
});

export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => calls.readMetrics(signal),
  refetchInterval: ({ state }) => pace(state, cadence.metrics),
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => calls.readMe(signal),
  refetchInterval: ({ state }) =>
    pace(state, state.data?.cluster.ready === false ? cadence.meStarting : cadence.meCalm),
});

/** Asked for while the form is open: an engine can become available, or cease to be, meanwhile. */
export const enginesQuery = queryOptions({
  queryKey: ['engines'],
  queryFn: ({ signal }) => calls.listEngines(signal),
  refetchOnMount: 'always',
  refetchInterval: ({ state }) => pace(state, cadence.catalogue),
});

export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: ({ signal }) => calls.listPlans(signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** True while something about the store is still to come; an outage counts, because it should end. */
export function isMoving({ status }: Pick<StoreView, 'status'>): boolean {
  return (!status.settled || status.value === 'degraded') && status.value !== 'deleted';
}

/**
 * When a query asks again by itself. In trouble that all calls share, or signed out, not at all: recovery asks for
 * everything together. A single failing query slows down alone.
 */
function pace(state: { readonly error: unknown }, calmMs: number): number | false {
  if (contact.read().trouble !== null || session.read().refused) return false;
  return state.error === null ? calmMs : cadence.afterFailure;
}
