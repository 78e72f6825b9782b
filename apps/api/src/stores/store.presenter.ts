/** Shows a record as people and programs see a store. Pure; every sentence that is not evidence has its own file. */
import { engines } from '@urumi/shared/domain/engines/catalog';
import { startsMax } from '@urumi/shared/domain/reduce';
import type { Failure, StoreRecord, Tombstone } from '@urumi/shared/domain/store';
import type { AllowedView, AttemptView, FailureView, StoreView } from './dto/store-view.dto.ts';
import { doesRetryHelp, explainRetry } from './retry.ts';
import { deriveSteps } from './steps.ts';

/** How shops are reached from outside. */
export interface StoreAddress {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** @param queuePosition  place in line, 1 = next; `null` where the store does not wait or the place is not known */
export function toStoreView(record: StoreRecord, address: StoreAddress, queuePosition: number | null): StoreView {
  const { identity, desired, observed, status } = record;
  return {
    id: identity.id,
    name: identity.name,
    engine: identity.engine,
    plan: desired.plan,
    generation: desired.generation,
    createdAt: toIso(identity.createdAt),
    ...toAddresses(identity, address),
    status: { value: status.value, reason: status.reason, since: toIso(status.since), settled: status.settled },
    steps: deriveSteps(record),
    attempt: toAttemptView(record),
    components: [...observed.components],
    explanation: observed.explanation,
    observedAt: toIsoOrNull(observed.observedAt),
    queuePosition: waitsInLine(record) ? queuePosition : null,
    allowed: toAllowedView(record),
    retryHelps: doesRetryHelp(record),
    served: observed.served,
    deletedAt: null,
  };
}

/** What is still known of a deleted store. */
export function toDeletedView({ identity, plan, generation, deletedAt }: Tombstone, address: StoreAddress): StoreView {
  const denied = { allowed: false, reason: 'The store is deleted.' };
  return {
    id: identity.id,
    name: identity.name,
    engine: identity.engine,
    plan,
    generation,
    createdAt: toIso(identity.createdAt),
    ...toAddresses(identity, address),
    status: { value: 'deleted', reason: 'Gone', since: toIso(deletedAt), settled: true },
    steps: [],
    attempt: { startsUsed: 0, startsMax, nextTryAt: null, failure: null },
    components: [],
    explanation: null,
    observedAt: null,
    queuePosition: null,
    allowed: { delete: denied, retry: denied },
    retryHelps: false,
    served: false,
    deletedAt: toIso(deletedAt),
  };
}

/** True where no worker has looked at the newest wish yet: only then is there a place in line to tell. */
export function waitsInLine({ status }: StoreRecord): boolean {
  return status.value === 'queued' || (status.value === 'deleting' && status.reason === 'AwaitingWorker');
}

function toAddresses(
  { host, engine }: StoreRecord['identity'],
  { scheme, port }: StoreAddress,
): Pick<StoreView, 'host' | 'url' | 'adminUrl'> {
  const url = port === defaultPorts[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
  return { host, url, adminUrl: url + engines[engine].adminPath };
}

/** Starts and failures of an older wish are history; the timeline has them. */
function toAttemptView({ attempt, desired }: StoreRecord): AttemptView {
  if (attempt.generation !== desired.generation) return { startsUsed: 0, startsMax, nextTryAt: null, failure: null };
  return {
    startsUsed: attempt.startsUsed,
    startsMax,
    nextTryAt: toIsoOrNull(attempt.nextTryAt),
    failure: toFailureView(attempt.gaveUp ?? attempt.lastFailure),
  };
}

function toFailureView(failure: Failure | null): FailureView | null {
  return failure && { code: failure.code, message: failure.message, at: toIso(failure.at) };
}

function toAllowedView(record: StoreRecord): AllowedView {
  const deletable = record.desired.intent === 'present';
  return {
    delete: { allowed: deletable, reason: deletable ? null : 'The store is being deleted already.' },
    retry: explainRetry(record),
  };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function toIsoOrNull(time: number | null): string | null {
  return time === null ? null : toIso(time);
}
