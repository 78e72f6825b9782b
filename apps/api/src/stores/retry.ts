/** What a retry can do for a store, said to people. Whether it is allowed, the domain decides. */
import { errorKinds, workerAnswerOfKind, type ErrorCode } from '@urumi/shared/domain/errors';
import { isRetryAllowed } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Reason } from '@urumi/shared/domain/verdict';
import type { PermissionView } from './dto/store-view.dto.ts';

/** Does the same wish again have a chance, by reason; `by-failure` asks what the last try failed with. */
const chanceOfReason: Readonly<Record<Reason, boolean | 'by-failure'>> = {
  AwaitingWorker: false,
  AwaitingCluster: false,
  AwaitingNamespace: false,
  AwaitingRelease: false,
  AwaitingWorkloads: false,
  AwaitingSetup: false,
  AwaitingPage: false,
  Retrying: false,
  Healthy: false,
  Changing: false,
  ChangeFailed: 'by-failure',
  WorkloadUnavailable: true,
  PageFailing: true,
  ImagePullFailing: false,
  Unschedulable: false,
  VolumePending: false,
  QuotaExceeded: false,
  CrashLooping: false,
  OutOfMemory: false,
  NodeLost: false,
  NetworkFailing: false,
  DatabaseRefused: false,
  VolumeFull: false,
  DataLost: false,
  SetupFailed: true,
  DeadlinePassed: true,
  NamespaceLost: true,
  GaveUp: 'by-failure',
  Halted: true,
  TearingDown: false,
  TeardownStalled: false,
  NamespaceStuckTerminating: false,
  Gone: false,
};

/** True where retrying is allowed and may succeed without any other change. */
export function doesRetryHelp(record: StoreRecord): boolean {
  if (!isRetryAllowed(record)) return false;
  const chance = chanceOfReason[record.status.reason];
  if (chance !== 'by-failure') return chance;
  const { gaveUp, lastFailure } = record.attempt;
  const failure = gaveUp ?? lastFailure;
  return failure === null || mayPass(failure.code);
}

/** A failure that the worker itself would have tried again, or that only meant "tried often enough". */
function mayPass(code: ErrorCode): boolean {
  const answer = workerAnswerOfKind[errorKinds[code]];
  return code === 'store.starts-exhausted' || code === 'store.cancelled' || answer === 'retry' || answer === 'park';
}

export function explainRetry(record: StoreRecord): PermissionView {
  return isRetryAllowed(record) ? { allowed: true, reason: null } : { allowed: false, reason: explainRefusal(record) };
}

function explainRefusal({ status }: StoreRecord): string {
  switch (status.value) {
    case 'queued':
    case 'provisioning':
      return 'Urumi is still working on this store.';
    case 'ready':
      return status.settled
        ? 'The store is ready; there is nothing to retry.'
        : 'Urumi is still working on this store.';
    case 'deleting':
      return 'The store is being deleted.';
    case 'deleted':
      return 'The store is deleted.';
    case 'degraded':
    case 'failed':
      return 'The store cannot be retried now.';
  }
}
