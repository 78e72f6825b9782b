/**
 * The one line in the header that tells how far this page can be trusted. Never empty; of several troubles the worst.
 * Pure: times are server times in milliseconds.
 */
import type { ClusterView, ProtectionView, StoreView } from '../api/generated/types.gen.ts';
import { formatAge, formatMoment, formatTimeLeft } from './format-time.ts';

export type TruthTone = 'calm' | 'busy' | 'warn' | 'bad';

const policyWords: readonly (readonly [keyof ProtectionView, string])[] = [
  ['admissionPolicies', 'admission policies'],
  ['networkPolicies', 'network policies'],
];

export interface TruthFacts {
  readonly now: number;
  readonly refused: boolean;
  readonly trouble: {
    readonly kind: 'silent' | 'unavailable' | 'rebuilding';
    readonly since: number;
    readonly nextTryAt: number;
  } | null;
  readonly cluster: ClusterView | null;
  /** Last full pass of the reconciler; `null` before the first. */
  readonly lastPassAt: number | null;
  /** Since when the way to all shops is at fault, as of the last full pass; `null` while it is well. */
  readonly routeAtFaultSince: number | null;
  /** Whether the cluster enforces what holds shops apart; `null` before the first answer. */
  readonly protection: ProtectionView | null;
  /** Newest answer of the api; `null` before the first. */
  readonly loadedAt: number | null;
}

export interface TruthView {
  readonly tone: TruthTone;
  readonly text: string;
  readonly action: 'sign-in' | 'try-now' | null;
  /** Where rows show the last known state only: of what time (server time) it is. `null` while they can be trusted. */
  readonly knownAt: number | null;
}

/** A single failed call is noise; this much silence is an outage. */
const silenceMs = 10_000;
/** Proof older than this is only the last known state. */
const proofAgeMaxMs = 120_000;

export function viewTruth(facts: TruthFacts): TruthView {
  const { now, trouble, cluster, lastPassAt } = facts;
  const lastKnown = { knownAt: lastPassAt ?? facts.loadedAt ?? now };
  const current = { knownAt: null, action: null };
  if (facts.refused) return { ...lastKnown, tone: 'bad', text: 'Signed out.', action: 'sign-in' };
  if (trouble !== null) {
    if (trouble.kind === 'rebuilding') {
      return { ...lastKnown, tone: 'warn', text: 'Reading the cluster again. No changes meanwhile', action: null };
    }
    if (now - trouble.since < silenceMs) return { ...current, tone: 'busy', text: 'Reconnecting' };
    const what = trouble.kind === 'silent' ? 'No answer' : 'Urumi cannot read its records';
    const text = `${what} since ${formatMoment(trouble.since, now)}. ${tellNextTry(trouble.nextTryAt, now)}`;
    return { ...lastKnown, tone: 'bad', text, action: 'try-now' };
  }
  if (facts.loadedAt === null) return { ...current, tone: 'calm', text: 'Asking Urumi' };
  if (cluster !== null && !cluster.ready) {
    return { ...current, tone: 'busy', text: `Cluster starting: ${tellClusterProgress(cluster)}` };
  }
  if (lastPassAt === null) return { ...current, tone: 'warn', text: 'Not checked yet' };
  if (now - lastPassAt > proofAgeMaxMs) {
    return { ...lastKnown, tone: 'warn', text: `Not checked since ${formatMoment(lastPassAt, now)}`, action: null };
  }
  if (facts.routeAtFaultSince !== null) {
    // Pages were proven up to then; what is newer in a row keeps its own time.
    const knownAt = facts.routeAtFaultSince;
    const since = `Shops cannot be checked from here since ${formatMoment(knownAt, now)}`;
    return { knownAt, tone: 'warn', text: `${since}. Their health is not judged by it`, action: null };
  }
  const age = now - lastPassAt < 1_000 ? 'just now' : `${formatAge(lastPassAt, now)} ago`;
  const missing = policyWords.filter(([kind]) => facts.protection?.[kind] === 'missing').map(([, words]) => words);
  if (missing.length > 0) {
    // The shops are what they are said to be; who runs the cluster must know what they stand on.
    const text = `The cluster does not enforce ${missing.join(' and ')}. All checked ${age}`;
    return { ...current, tone: 'warn', text };
  }
  return { ...current, tone: 'calm', text: `All checked ${age}` };
}

/** `40 %, about 3 min left` */
export function tellClusterProgress({ percent, secondsLeft }: ClusterView): string {
  const done = `${Math.floor(percent)} %`;
  return secondsLeft === null ? done : `${done}, ${formatTimeLeft(secondsLeft)}`;
}

/** The sentence of a store whose proof is old: `Was ready at 13:51`. A change newer than the last pass keeps its own time. */
export function tellLastKnown(word: string, since: string, knownAt: number, now: number): string {
  return `Was ${word.toLowerCase()} at ${formatMoment(Math.max(knownAt, Date.parse(since)), now)}`;
}

/**
 * Of what time the status of one store is, where that is too old to trust; else `null`. A full pass may be fresh and yet not
 * have proven this shop: one that is *ready* on an old proof says so.
 *
 * @param knownAt  the same for the whole page, from {@link viewTruth}
 */
export function findKnownAt(
  { status, provedAt }: Pick<StoreView, 'status' | 'provedAt'>,
  knownAt: number | null,
  now: number,
): number | null {
  if (knownAt !== null || provedAt === null || status.value !== 'ready') return knownAt;
  // While a change is made the status itself is newer than its proof.
  const provenAt = Math.max(Date.parse(provedAt), Date.parse(status.since));
  return now - provenAt > proofAgeMaxMs ? provenAt : null;
}

function tellNextTry(nextTryAt: number, now: number): string {
  const seconds = Math.ceil((nextTryAt - now) / 1_000);
  return seconds > 0 ? `Next try in ${seconds} s` : 'Trying now';
}
