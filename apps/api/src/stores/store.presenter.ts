/** Shows a record as people and programs see a store. Pure; every sentence that is not evidence has its own file. */
import { adviseOn, adviseOnCode, adviseOnReason, findCommand, type Advice } from '@urumi/shared/domain/advice';
import { engines, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { findServedHost } from '@urumi/shared/domain/hosts';
import { findOldProof } from '@urumi/shared/domain/proof';
import { startsMax } from '@urumi/shared/domain/reduce';
import { deriveSteps, measureStep } from '@urumi/shared/domain/steps';
import type { Failure, StoreRecord, Tombstone } from '@urumi/shared/domain/store';
import type { TimelineEntry } from '@urumi/shared/domain/timeline-entry';
import type { Explanation } from '@urumi/shared/domain/verdict';
import type {
  AttemptView,
  ExplanationView,
  FailureView,
  StepView,
  StoreView,
  TimelineEntryView,
} from './dto/store-view.dto.ts';
import { deletedPermissions, doesRetryHelp, toAllowedView } from './permissions.ts';
import type { ExpectedSteps } from './step-expectation.ts';

/** How shops are reached from outside. */
export interface StoreAddress {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

const defaultPorts = { http: 80, https: 443 } as const;

export interface StoreSurroundings {
  readonly address: StoreAddress;
  /** Place in line, 1 = next; `null` where the store does not wait or the place is not known. */
  readonly queuePosition: number | null;
  /** What the steps of its engine and size usually take. */
  readonly expected: ExpectedSteps;
}

export function toStoreView(record: StoreRecord, { address, queuePosition, expected }: StoreSurroundings): StoreView {
  const { identity, desired, observed, status } = record;
  const host = findServedHost(record);
  return {
    id: identity.id,
    name: identity.name,
    engine: identity.engine,
    plan: desired.plan,
    generation: desired.generation,
    createdAt: toIso(identity.createdAt),
    ...toAddresses({ host, engine: identity.engine }, address),
    wishedHost: host === desired.host ? null : desired.host,
    status: { value: status.value, reason: status.reason, since: toIso(status.since), settled: status.settled },
    steps: toStepViews(record, expected),
    attempt: toAttemptView(record),
    components: [...observed.components],
    notes: [...observed.notes],
    explanation: toCurrentExplanation(record),
    observedAt: toIsoOrNull(observed.observedAt),
    provedAt: toIsoOrNull(findOldProof(record)),
    queuePosition: waitsInLine(record) ? queuePosition : null,
    allowed: toAllowedView(record),
    retryHelps: doesRetryHelp(record),
    served: observed.served,
    deletedAt: null,
  };
}

/** What is still known of a deleted store. */
export function toDeletedView(tombstone: Tombstone, address: StoreAddress): StoreView {
  const { identity, plan, host, generation, deletedAt, explanation } = tombstone;
  return {
    id: identity.id,
    name: identity.name,
    engine: identity.engine,
    plan,
    generation,
    createdAt: toIso(identity.createdAt),
    ...toAddresses({ host, engine: identity.engine }, address),
    wishedHost: null,
    status: { value: 'deleted', reason: 'Gone', since: toIso(deletedAt), settled: true },
    steps: [],
    attempt: { startsUsed: 0, startsMax, nextTryAt: null, failure: null },
    components: [],
    notes: [],
    explanation:
      explanation && toExplanationView(explanation, { advice: adviseOnReason('Gone'), command: null, at: null }),
    observedAt: null,
    provedAt: null,
    queuePosition: null,
    allowed: deletedPermissions,
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
  { host, engine }: { readonly host: string; readonly engine: EngineId },
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
  return (
    failure && {
      code: failure.code,
      message: failure.message,
      advice: adviseOnCode(failure.code).advice,
      at: toIso(failure.at),
    }
  );
}

function toStepViews(record: StoreRecord, expected: ExpectedSteps): StepView[] {
  return deriveSteps(record).map((step) => ({
    name: step.name,
    state: step.state,
    startedAt: toIsoOrNull(step.startedAt),
    endedAt: toIsoOrNull(step.endedAt),
    durationMs: measureStep(step),
    expectedMs: expected[step.name]?.usualMs ?? null,
    slowMs: expected[step.name]?.slowMs ?? null,
    attempt: step.attempt,
  }));
}

/** Evidence of trouble, with what to do. While a store goes away only what holds it up is trouble. */
function toCurrentExplanation({ identity, attempt, desired, observed, status }: StoreRecord): ExplanationView | null {
  if (observed.explanation === null) return null;
  const isGoing =
    desired.intent === 'absent' && (status.reason === 'TearingDown' || status.reason === 'AwaitingWorker');
  if (isGoing) return null;
  const code = (attempt.gaveUp ?? attempt.lastFailure)?.code ?? null;
  const advice = adviseOn(status.reason, code);
  const command = findCommand(status.reason, identity.id);
  return toExplanationView(observed.explanation, { advice, command, at: observed.observedAt });
}

/** A line of the timeline; the same words about a cause as the store itself shows. */
export function toTimelineEntryView(
  { at, type, text, attempt, trouble }: TimelineEntry,
  storeId: string,
): TimelineEntryView {
  const explanation =
    trouble &&
    toExplanationView(trouble.explanation, {
      advice: 'code' in trouble.cause ? adviseOnCode(trouble.cause.code) : adviseOnReason(trouble.cause.reason),
      command: 'code' in trouble.cause ? null : findCommand(trouble.cause.reason, storeId),
      at,
    });
  return { at: toIso(at), type, text, attempt, explanation };
}

function toExplanationView(
  { object, message, logLines, events }: Explanation,
  { advice, command, at }: { readonly advice: Advice; readonly command: string | null; readonly at: number | null },
): ExplanationView {
  return { object, message, logLines, events, ...advice, command, at: toIsoOrNull(at) };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function toIsoOrNull(time: number | null): string | null {
  return time === null ? null : toIso(time);
}
