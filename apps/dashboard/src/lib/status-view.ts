/**
 * The one maker of a status's word, icon, role, sentence and next step. Pages show what comes from here and derive nothing
 * themselves. Pure: `clock` carries the server's time. Sentences are for the shop maker: cause before log, plain before
 * exact.
 */
import { isHindrance } from '@urumi/shared/domain/hindrance';
import type { Reason } from '@urumi/shared/domain/verdict';
import type { StatusValue } from '@urumi/shared/domain/store';
import type { StepName, StoreView } from '../api/generated/types.gen.ts';
import { errorTexts, isErrorCode } from './error-text.ts';
import { formatDay, formatMoment } from './format-time.ts';
import { formatOrdinal } from './format-size.ts';

export type StatusRole = 'idle' | 'busy' | 'ready' | 'warn' | 'bad';
export type StatusIconName =
  'hourglass' | 'loader-circle' | 'circle-check' | 'triangle-alert' | 'octagon-x' | 'ban' | 'trash-2' | 'archive-x';
/** What a person can do about it now; `null` where waiting is right. */
export type NextStep = 'open' | 'retry' | 'recreate' | 'copy-command' | null;

export interface StatusView {
  readonly word: string;
  readonly icon: StatusIconName;
  readonly role: StatusRole;
  readonly sentence: string;
  readonly next: NextStep;
  /** Something is wrong that a person may want to read about: the explainer opens. */
  readonly inTrouble: boolean;
}

/** The parts of a store that its status is told from. */
export type StatusFacts = Pick<
  StoreView,
  'status' | 'steps' | 'attempt' | 'queuePosition' | 'retryHelps' | 'components' | 'deletedAt' | 'explanation'
>;

export const stepTitles: Readonly<Record<StepName, string>> = {
  namespace: 'Reserve space',
  release: 'Install',
  database: 'Start database',
  storefront: 'Start shop',
  setup: 'Add products',
  page: 'Check shop page',
};

/** Words for filters, where no single store is meant. */
export const statusWords: Readonly<Record<StatusValue, string>> = {
  queued: 'Queued',
  provisioning: 'Provisioning',
  ready: 'Ready',
  degraded: 'Degraded',
  failed: 'Failed',
  deleting: 'Deleting',
  deleted: 'Deleted',
};

/** @param now server time in milliseconds */
export function viewStatus(store: StatusFacts, now: number): StatusView {
  const { status } = store;
  switch (status.value) {
    case 'queued':
      return {
        word: statusWords.queued,
        icon: 'hourglass',
        role: 'idle',
        sentence: tellQueued(store),
        next: null,
        inTrouble: false,
      };
    case 'provisioning':
      return {
        word: statusWords.provisioning,
        icon: 'loader-circle',
        role: 'busy',
        sentence: tellProvisioning(store, now),
        next: null,
        inTrouble: isHindered(status.reason),
      };
    case 'ready':
      return viewReady(store, now);
    case 'degraded':
      return {
        word: statusWords.degraded,
        icon: 'triangle-alert',
        role: 'warn',
        sentence: tellDegraded(store, now),
        next: store.retryHelps ? 'retry' : null,
        inTrouble: true,
      };
    case 'failed':
      return viewFailed(store);
    case 'deleting':
      return viewDeleting(store, now);
    case 'deleted':
      return {
        word: statusWords.deleted,
        icon: 'archive-x',
        role: 'idle',
        sentence: `Gone since ${formatDay(Date.parse(store.deletedAt ?? status.since))}. Listed 30 days`,
        next: null,
        inTrouble: false,
      };
  }
  // Every status of this build has returned; only a newer api can send another one.
  return viewUnknown(status.value);
}

/** One short clause per reason, for headlines and as the start of a sentence. */
export const reasonHeadlines: Readonly<Record<Reason, string>> = {
  AwaitingWorker: 'Waiting for a free worker',
  AwaitingCluster: 'Waiting for the cluster',
  CreatesPaused: 'New stores wait because several fail alike',
  AwaitingNamespace: 'Reserving space',
  AwaitingRelease: 'Installing',
  AwaitingWorkloads: 'Waiting for the shop to start',
  AwaitingSetup: 'Adding products',
  AwaitingPage: 'Checking the shop page',
  Retrying: 'Trying again soon',
  Healthy: 'Shop page shows products',
  Changing: 'Serving while a change is made',
  ChangeFailed: 'Serving as before. The last change failed',
  WorkloadUnavailable: 'A part of the shop is not running',
  PageFailing: 'The shop page does not answer as it should',
  ImagePullFailing: 'An image could not be fetched',
  Unschedulable: 'No node has room for a part of the shop',
  VolumePending: 'The cluster has not given a volume yet',
  QuotaExceeded: 'The space reserved for the store is too small',
  CrashLooping: 'A part of the shop stops right after its start',
  OutOfMemory: 'A part of the shop ran out of memory',
  NodeLost: 'The machine of a part of the shop does not answer',
  NetworkFailing: 'A part of the shop cannot reach the rest',
  DatabaseRefused: 'The database refuses the password of the shop',
  VolumeFull: 'A volume of the shop is full',
  DataLost: 'The data of the shop is gone or was replaced',
  SetupFailed: 'Adding products failed',
  DeadlinePassed: 'It was not ready within 15 min',
  NamespaceLost: 'Removed outside Urumi; its data is gone',
  GaveUp: 'Every try failed',
  Halted: 'You stopped it',
  TearingDown: 'Removing everything of this store',
  TeardownStalled: 'Removing has not moved on',
  NamespaceStuckTerminating: 'Something holds the store’s space',
  Gone: 'Everything of this store is gone',
};

function tellQueued({ status, queuePosition, attempt }: StatusFacts): string {
  const { failure } = attempt;
  if (status.reason === 'AwaitingCluster' || (status.reason === 'Retrying' && failure !== null)) {
    return failure === null || failure.code.startsWith('cluster.')
      ? 'Waits for the cluster, then starts by itself'
      : `Waits: ${tellCodeCause(failure.code)}. Starts by itself`;
  }
  if (status.reason === 'CreatesPaused') return 'Waits: several new stores fail alike. Starts by itself';
  if (queuePosition === null || queuePosition < 1) return 'Starts as soon as a worker is free';
  return queuePosition === 1 ? 'Next in line' : `${formatOrdinal(queuePosition)} in line`;
}

function tellProvisioning({ status, steps, attempt }: StatusFacts, now: number): string {
  if (status.reason === 'Retrying') return tellNextTry(attempt, now);
  if (status.reason === 'AwaitingCluster') return 'Waits for the cluster, then goes on by itself';
  if (isHindered(status.reason)) return `${reasonHeadlines[status.reason]}. Urumi keeps trying`;
  const index = findCurrentStep(steps);
  const step = index === null ? undefined : steps[index];
  if (index === null || step === undefined) return reasonHeadlines[status.reason];
  return `Step ${index + 1} of ${steps.length}, ${lowerFirst(stepTitles[step.name])}`;
}

/** `Try 3 of 5 at 14:02: installing took over 5 min` */
export function tellNextTry({ failure, startsUsed, startsMax, nextTryAt }: StoreView['attempt'], now: number): string {
  const at = nextTryAt === null ? 'soon' : `at ${formatMoment(Date.parse(nextTryAt), now)}`;
  const next = `Try ${Math.min(startsUsed + 1, startsMax)} of ${startsMax} ${at}`;
  return failure === null ? next : `${next}: ${tellCodeCause(failure.code)}`;
}

function viewReady(store: StatusFacts, now: number): StatusView {
  const base = {
    word: statusWords.ready,
    icon: 'circle-check',
    role: 'ready',
    next: 'open',
    inTrouble: false,
  } as const;
  const { reason } = store.status;
  if (reason === 'Changing') {
    if (store.attempt.nextTryAt !== null && store.attempt.failure !== null)
      return { ...base, sentence: `Serving. Change: ${lowerFirst(tellNextTry(store.attempt, now))}` };
    const index = findCurrentStep(store.steps);
    const where = index === null ? 'almost done' : `step ${index + 1} of ${store.steps.length}`;
    return { ...base, sentence: `Serving. Change: ${where}` };
  }
  if (reason === 'ChangeFailed') {
    const { failure } = store.attempt;
    const cause = failure === null ? '' : `: ${tellCodeCause(failure.code)}`;
    return {
      ...base,
      role: 'warn',
      sentence: `Serving as before. The last change failed${cause}`,
      next: store.retryHelps ? 'retry' : 'open',
      inTrouble: true,
    };
  }
  if (reason === 'Healthy') return { ...base, sentence: reasonHeadlines.Healthy };
  if (reason === 'Halted')
    return {
      ...base,
      sentence: 'Serving as before. You stopped the last change',
      next: store.retryHelps ? 'retry' : 'open',
    };
  // It has just begun to fail: the status keeps its word for a moment.
  const role = isHindered(reason) ? 'warn' : base.role;
  return {
    ...base,
    role,
    sentence: `${reasonHeadlines[reason]} since ${formatMoment(Date.parse(store.status.since), now)}`,
  };
}

function tellDegraded({ status, components }: StatusFacts, now: number): string {
  const since = formatMoment(Date.parse(status.since), now);
  const database = components.find((component) => component.name === 'database');
  const rest = database === undefined ? '' : database.state === 'ready' ? '; database up' : '; database down';
  const subject = status.reason === 'PageFailing' ? 'Shop page failing' : reasonHeadlines[status.reason];
  return `${subject} since ${since}${rest}`;
}

function viewFailed(store: StatusFacts): StatusView {
  const { reason } = store.status;
  const { failure } = store.attempt;
  const base = { word: statusWords.failed, icon: 'octagon-x', role: 'bad', inTrouble: true } as const;
  if (reason === 'Halted' || (reason === 'GaveUp' && failure?.code === 'store.cancelled')) {
    const index = findCurrentStep(store.steps);
    const where = index === null ? '' : ` at step ${index + 1}`;
    return {
      word: 'Cancelled',
      icon: 'ban',
      role: 'idle',
      sentence: `You stopped it${where}`,
      next: 'retry',
      inTrouble: false,
    };
  }
  if (reason === 'NamespaceLost') return { ...base, sentence: reasonHeadlines.NamespaceLost, next: 'recreate' };
  const next = store.retryHelps ? 'retry' : null;
  if (reason === 'GaveUp' && failure !== null) {
    const tries = store.attempt.startsUsed;
    return {
      ...base,
      sentence: `${upperFirst(tellCodeCause(failure.code))}${tries > 1 ? `, ${tries} times` : ''}`,
      next,
    };
  }
  return { ...base, sentence: reasonHeadlines[reason], next };
}

function viewDeleting({ status, explanation }: StatusFacts, now: number): StatusView {
  const base = { word: statusWords.deleting, icon: 'trash-2', role: 'idle', next: null, inTrouble: false } as const;
  if (status.reason === 'TeardownStalled' || status.reason === 'NamespaceStuckTerminating') {
    const since = formatMoment(Date.parse(status.since), now);
    return {
      ...base,
      role: 'warn',
      sentence:
        explanation === null
          ? `Blocked since ${since}. ${reasonHeadlines[status.reason]}`
          : `Blocked since ${since} by ${explanation.object}`,
      next: 'copy-command',
      inTrouble: true,
    };
  }
  return { ...base, sentence: tellRemoval(status.reason) };
}

function tellRemoval(reason: Reason): string {
  if (reason === 'AwaitingWorker') return 'Removing starts as soon as a worker is free';
  if (reason === 'AwaitingCluster') return 'Removing starts as soon as the cluster answers';
  if (reason === 'Retrying') return 'A try to remove it failed; the next one follows by itself';
  return 'Removing shop, data and address';
}

/** Index of the step that is under way or, between steps, the next one; `null` when all are done. */
export function findCurrentStep(steps: StatusFacts['steps']): number | null {
  const bad = steps.findIndex((step) => step.state === 'failed');
  if (bad >= 0) return bad;
  const running = steps.findIndex((step) => step.state === 'running');
  if (running >= 0) return running;
  const waiting = steps.findIndex((step) => step.state === 'waiting');
  return waiting >= 0 ? waiting : null;
}

/** True where the reason names a thing that is in the way, not just a wait. */
export function isHindered(reason: Reason): boolean {
  return reason === 'WorkloadUnavailable' || isHindrance(reason);
}

/** Why a try failed, as the end of a sentence. */
export function tellCodeCause(code: string): string {
  return isErrorCode(code) ? errorTexts[code].cause : 'a cause this page has no name for';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function viewUnknown(_value: never): StatusView {
  return {
    word: 'Newer',
    icon: 'hourglass',
    role: 'idle',
    sentence: 'Reload the page to read this state',
    next: null,
    inTrouble: false,
  };
}
