/** Everything a verdict rests on, gathered before it is made: the wish, the caches' facts, and what was read besides. */
import { engines, type EngineDescriptor } from '@urumi/shared/domain/engines/catalog';
import { findServedHost } from '@urumi/shared/domain/hosts';
import type { Observed, StoreRecord } from '@urumi/shared/domain/store';
import type { StoreFacts } from '../watch/cluster-view.ts';
import type { EventFacts } from '../watch/facts.ts';

/** What is known of the shop's page. */
export type PageEvidence =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'passed' }
  /** `isLasting`: it has failed for longer than a page may take behind available workloads. */
  | { readonly kind: 'failed'; readonly failure: string; readonly isLasting: boolean }
  /** The way to all shops is broken, which says nothing about this one. */
  | { readonly kind: 'route-at-fault' };

export interface Snapshot {
  readonly host: string;
  /** What serves a store of this engine, beside its database. */
  readonly workloads: EngineDescriptor['workloads'];
  readonly generationApplied: number;
  readonly setupDone: Observed['setupDone'];
  readonly served: Observed['served'];
  readonly facts: StoreFacts;
  readonly page: PageEvidence;
  /** Pods that the API server refused to a controller, as it told in events. */
  readonly refusedPods: readonly EventFacts[];
  /** Containers (`pod/container`) seen in a crash loop a moment ago: between two crashes they look well. */
  readonly crashLoops: ReadonlySet<string>;
  /** Claims that have waited for their volume longer than provisioning takes. */
  readonly lateClaims: ReadonlySet<string>;
  /** Claims of data that somebody removed after the shop was filled. */
  readonly lostClaims: ReadonlySet<string>;
}

export function buildSnapshot(
  record: StoreRecord,
  facts: StoreFacts,
  seen: Pick<Snapshot, 'refusedPods' | 'crashLoops' | 'lateClaims' | 'lostClaims'>,
): Snapshot {
  return {
    host: findServedHost(record),
    workloads: engines[record.identity.engine].workloads,
    generationApplied: record.release.generationApplied,
    setupDone: record.observed.setupDone,
    served: record.observed.served,
    facts,
    page: { kind: 'not-asked' },
    ...seen,
  };
}
