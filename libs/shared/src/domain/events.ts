/**
 * Everything that can happen to a store, in the past tense, grouped by who may say it. A process compiles only the events
 * of its own role (`Door<ApiEvent>` and so on), so no component can write another's section by mistake.
 */
import type { AttemptStep, Desired, Failure, Identity } from './store.ts';
import type { PlanId } from './plans.ts';
import type { Component, Explanation, Reason, Verdict } from './verdict.ts';

export type ApiEvent =
  | {
      readonly type: 'StoreRequested';
      readonly identity: Omit<Identity, 'createdAt'>;
      readonly plan: PlanId;
      readonly host: string;
    }
  | { readonly type: 'ChangeRequested'; readonly plan?: PlanId; readonly host?: string }
  | { readonly type: 'CancelRequested' }
  | { readonly type: 'RetryRequested'; readonly recreate: boolean }
  | { readonly type: 'DeletionRequested' };

export type WorkerEvent =
  | { readonly type: 'AttemptStarted'; readonly fence: number; readonly generation: number }
  | { readonly type: 'StepBegan'; readonly step: AttemptStep }
  | { readonly type: 'NamespaceEnsured'; readonly generation: number; readonly namespaceUid: string }
  | {
      readonly type: 'ReleaseApplied';
      readonly generation: number;
      readonly chartVersion: string;
      readonly drift: number;
      /** The host it routes; the wished one where nothing is said. */
      readonly host?: string;
    }
  | { readonly type: 'TeardownStarted'; readonly generation: number }
  | {
      readonly type: 'AttemptFailed';
      readonly generation: number;
      readonly failure: Omit<Failure, 'at'>;
      /** Delay until the next try, in milliseconds. */
      readonly retryInMs: number;
      /** True where the try costs nothing (parking, shutdown, `unavailable`). */
      readonly startGivenBack: boolean;
    }
  | { readonly type: 'GaveUp'; readonly generation: number; readonly failure: Omit<Failure, 'at'> }
  | { readonly type: 'AttemptEnded' };

export type ReconcilerEvent =
  | {
      readonly type: 'HealthObserved';
      readonly generation: number;
      readonly verdict: Verdict;
      readonly reason: Reason;
      readonly components: readonly Component[];
      readonly explanation: Explanation | null;
      /** Lines for people beside the verdict; none where nothing is said. */
      readonly notes?: readonly string[];
      readonly setupDone: boolean;
      readonly drift: boolean;
      readonly fingerprint: string;
    }
  | { readonly type: 'NamespaceLost'; readonly generation: number; readonly fingerprint: string }
  | { readonly type: 'DeadlinePassed'; readonly generation: number }
  | {
      readonly type: 'TeardownObserved';
      readonly generation: number;
      readonly reason: 'TearingDown' | 'TeardownStalled' | 'NamespaceStuckTerminating';
      readonly explanation: Explanation | null;
      readonly fingerprint: string;
    }
  | { readonly type: 'NamespaceGone'; readonly generation: number };

/**
 * Said by the reconciler alone, and the one exception to one writer per section: a namespace's stamp says more than the
 * record, or there is none. It enters by adoption, not by a door, for it is written while the gate is shut.
 */
export interface StoreFound {
  readonly type: 'StoreFound';
  readonly identity: Identity;
  readonly desired: Desired;
  readonly fence: number;
  readonly namespaceUid: string;
  /** The namespace is on its way out, whatever its stamp wished. */
  readonly terminating: boolean;
}

export type StoreEvent = ApiEvent | WorkerEvent | ReconcilerEvent | StoreFound;
export type StoreEventType = StoreEvent['type'];

/** Why an event was not accepted. Ignored events change nothing and are counted. */
export type Refusal =
  | 'already-exists'
  | 'no-record'
  | 'stale-generation'
  | 'not-allowed-now'
  | 'data-lost'
  | 'already-done'
  | 'no-teardown';
