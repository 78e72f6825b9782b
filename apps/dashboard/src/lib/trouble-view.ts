/**
 * What the explainer of a store says: cause, meaning, advice, whether a retry helps, evidence, last try. Pure. Advice and
 * evidence are the api's own texts; where it sends none, the same table of the shared domain speaks.
 */
import { adviseOnReason } from '@urumi/shared/domain/advice';
import type { ExplanationView, StoreView } from '../api/generated/types.gen.ts';
import { formatExact, formatMoment } from './format-time.ts';
import { isHindered, reasonHeadlines, tellCodeCause, type StatusView } from './status-view.ts';

export interface Evidence {
  readonly object: string;
  readonly message: string;
  /** For an administrator, where one can do something. */
  readonly command: string | null;
  readonly logLines: readonly string[];
  readonly events: readonly string[];
  /** `Evidence, kept from 14:02` */
  readonly heading: string;
}

export interface LastTry {
  /** `Last try, 14:02: 2 of 5 used` */
  readonly heading: string;
  /** Code and message, as they came. */
  readonly text: string;
}

export interface TroubleView {
  /** Another one with each new trouble, so that what was folded away opens for it. */
  readonly key: string;
  readonly cause: string;
  readonly meaning: string;
  readonly advice: string | null;
  /** Whether a retry has a chance, as a sentence. */
  readonly retry: string | null;
  readonly evidence: Evidence | null;
  readonly lastTry: LastTry | null;
  /** False where it goes on well by itself: then it waits folded until somebody asks. */
  readonly isUrgent: boolean;
}

/** @returns `null` where there is nothing to explain */
export function viewTrouble(store: StoreView, view: StatusView, now: number): TroubleView | null {
  const { status, explanation, attempt } = store;
  const failure = status.value === 'deleted' ? null : attempt.failure;
  const triesOn = !status.settled && failure !== null;
  if (!view.inTrouble && explanation === null && !triesOn) return null;
  return {
    key: `${store.generation} ${status.value} ${status.reason} ${status.since}`,
    cause: tellCause(store, view),
    meaning: tellMeaning(store),
    advice: tellAdvice(store),
    retry: tellRetry(store),
    evidence: explanation === null ? null : readEvidence(explanation, now),
    lastTry:
      failure === null
        ? null
        : {
            heading: `Last try, ${formatMoment(Date.parse(failure.at), now)}: ${attempt.startsUsed} of ${attempt.startsMax} used`,
            text: `${failure.code}: ${failure.message}`,
          },
    isUrgent: view.inTrouble,
  };
}

export function readEvidence(explanation: ExplanationView, now: number): Evidence {
  const { object, message, command, logLines, events, at } = explanation;
  const heading =
    at === null
      ? 'Evidence, kept from before it was deleted'
      : `Evidence, kept from ${formatMoment(Date.parse(at), now)}`;
  return { object, message, command, logLines, events, heading };
}

/** The evidence as plain text, for an operator. */
export function toEvidenceText({ heading, object, message, command, logLines, events }: Evidence): string {
  return [
    heading,
    `${object}: ${message}`,
    ...(command === null ? [] : [`for an administrator: ${command}`]),
    ...(logLines.length === 0 ? [] : ['last lines:', ...logLines]),
    ...(events.length === 0 ? [] : ['events:', ...events]),
  ].join('\n');
}

/** All that the explainer shows, as plain text. Holds nothing that the page does not show. */
export function toTroubleText(store: StoreView, view: StatusView, trouble: TroubleView): string {
  const { status } = store;
  return [
    `${store.name} (${store.id}), ${store.engine}, size ${store.plan}`,
    `${view.word}: ${view.sentence}`,
    `reason ${status.reason} since ${formatExact(Date.parse(status.since))}, wish ${store.generation}`,
    trouble.cause,
    trouble.meaning,
    trouble.advice,
    trouble.retry,
    trouble.evidence && toEvidenceText(trouble.evidence),
    trouble.lastTry && `${trouble.lastTry.heading}\n${trouble.lastTry.text}`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

function isByTry({ status: { reason } }: Pick<StoreView, 'status'>): boolean {
  return reason === 'GaveUp' || reason === 'Retrying' || reason === 'ChangeFailed';
}

/** The head tells what is seen; this tells why. A try that failed has its own sentence. */
function tellCause(store: StoreView, view: StatusView): string {
  const { status, attempt } = store;
  if (status.value === 'deleted') return 'What was seen last, before it was deleted';
  if (isByTry(store)) return view.sentence;
  const onTheWay = !status.settled && !view.inTrouble && !isHindered(status.reason);
  return onTheWay && attempt.failure !== null
    ? `The last try failed: ${tellCodeCause(attempt.failure.code)}`
    : reasonHeadlines[status.reason];
}

/** Is the shop reachable, is the data safe. */
export function tellMeaning({ status, served }: Pick<StoreView, 'status' | 'served'>): string {
  if (status.reason === 'NamespaceLost') return 'The shop is not reachable. Its orders, products and files are gone.';
  if (status.reason === 'DataLost')
    return 'The shop is not reachable. Its orders and files are not where they were; nothing was put in their place.';
  switch (status.value) {
    case 'ready':
      return isHindered(status.reason)
        ? 'Visitors may see errors at the moment. Nothing was deleted; orders and files stay where they are.'
        : 'The shop is reachable and serves as before. Nothing is lost.';
    case 'degraded':
      return 'Visitors may see errors. Nothing was deleted; orders and files stay where they are.';
    case 'failed':
      return served
        ? 'The shop is not reachable. Nothing was deleted; orders and files stay where they are.'
        : 'The shop has not opened yet, so there are no orders to lose.';
    case 'queued':
    case 'provisioning':
      return served
        ? 'The shop is not reachable while this lasts. Nothing was deleted.'
        : 'The shop has not opened yet, so there are no orders to lose.';
    case 'deleting':
      return 'The shop is not reachable any more. What is held still takes up space in the cluster.';
    case 'deleted':
      return 'Everything of this store is gone; this is kept to read up on it.';
  }
}

/** A try that failed is advised on by its code, everything else by what is seen. */
export function tellAdvice(store: Pick<StoreView, 'status' | 'attempt' | 'explanation'>): string | null {
  const { status, attempt, explanation } = store;
  if (status.value === 'deleted') return null;
  if (isByTry(store) && attempt.failure !== null) return attempt.failure.advice;
  return explanation?.advice ?? attempt.failure?.advice ?? adviseOnReason(status.reason).advice;
}

/** `retryHelps` of the store already knows what is allowed. */
export function tellRetry({ status, retryHelps }: Pick<StoreView, 'status' | 'retryHelps'>): string | null {
  if (status.value === 'deleted' || status.reason === 'NamespaceLost') return null;
  if (retryHelps) return 'A retry can help.';
  if (status.value === 'deleting') return 'Urumi goes on by itself as soon as it can.';
  return status.settled ? 'A retry alone does not help.' : 'Urumi keeps trying by itself; no retry is needed.';
}
