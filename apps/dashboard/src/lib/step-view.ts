/**
 * The steps of a store as rows of its timeline: what is done and after how long, what runs, what each waits for. Pure; all
 * times are server times. Lengths count from the wish, because the steps overlap.
 */
import type { StepName, StoreView, TimelineEntryView } from '../api/generated/types.gen.ts';
import { formatDuration } from './format-time.ts';
import { stepTitles, viewStatus } from './status-view.ts';

export type StepRowState = 'waiting' | 'running' | 'retrying' | 'done' | 'failed' | 'stopped';

export interface StepRow {
  readonly key: 'line' | StepName;
  readonly title: string;
  readonly state: StepRowState;
  /** One plain clause: what is waited for, the cause, or how long it took; may be empty. */
  readonly note: string;
}

export interface StepsView {
  readonly rows: readonly StepRow[];
  /** `Made in 41 s`, `Under way for 24 s`, `Waiting for 8 s`, `Stopped after 3 min`. */
  readonly headline: string;
  readonly finished: boolean;
  /** Milliseconds since the wish while it is under way, else `null`. */
  readonly underWayMs: number | null;
}

type StepFacts = Pick<
  StoreView,
  'steps' | 'status' | 'attempt' | 'createdAt' | 'queuePosition' | 'retryHelps' | 'components' | 'deletedAt'
>;

/** What each step needs before it can begin. */
const needs: Readonly<Record<StepName, string>> = {
  namespace: 'Waits for its turn',
  release: 'Waits for its space',
  database: 'Waits for the installation',
  storefront: 'Waits for the database',
  setup: 'Waits for the database',
  page: 'Waits for shop and products',
};

export function viewSteps(store: StepFacts, timeline: readonly TimelineEntryView[], now: number): StepsView {
  const wishedAt = findLast(timeline, ['StoreRequested', 'RetryRequested']) ?? Date.parse(store.createdAt);
  const begunAt = findFirstAfter(timeline, 'AttemptStarted', wishedAt);
  const finished = store.steps.length > 0 && store.steps.every((step) => step.state === 'done');
  const stopped = store.status.value === 'failed';
  return {
    rows: [
      viewLine(store, wishedAt, begunAt),
      ...store.steps.map((step) => viewStep(store, step, { wishedAt, now, stopped })),
    ],
    headline: tellHeadline(),
    finished,
    underWayMs: finished || stopped ? null : Math.max(0, now - wishedAt),
  };

  function tellHeadline(): string {
    if (finished) {
      const doneAt = Math.max(...store.steps.map((step) => (step.at === null ? 0 : Date.parse(step.at))));
      return doneAt > wishedAt ? `Made in ${formatDuration(doneAt - wishedAt)}` : 'Made';
    }
    if (stopped) return `Stopped after ${formatDuration(Date.parse(store.status.since) - wishedAt)}`;
    const verb = store.status.value === 'queued' ? 'Waiting' : 'Under way';
    return `${verb} for ${formatDuration(Math.max(0, now - wishedAt))}`;
  }
}

function viewLine(store: StepFacts, wishedAt: number, begunAt: number | null): StepRow {
  const base = { key: 'line', title: 'In line' } as const;
  if (store.status.value === 'queued') return { ...base, state: 'running', note: viewStatus(store, wishedAt).sentence };
  return { ...base, state: 'done', note: begunAt === null ? '' : formatDuration(begunAt - wishedAt) };
}

interface StepContext {
  readonly wishedAt: number;
  readonly now: number;
  readonly stopped: boolean;
}

function viewStep(
  store: StepFacts,
  step: StoreView['steps'][number],
  { wishedAt, now, stopped }: StepContext,
): StepRow {
  const base = { key: step.name, title: stepTitles[step.name] };
  const at = step.at === null ? null : Date.parse(step.at);
  switch (step.state) {
    case 'done':
      return {
        ...base,
        state: 'done',
        note: at === null ? '' : at < wishedAt ? 'Kept from before' : formatDuration(at - wishedAt),
      };
    case 'running': {
      if (store.status.reason === 'Retrying')
        return { ...base, state: 'retrying', note: viewStatus(store, now).sentence };
      if (stopped) return { ...base, state: 'stopped', note: 'Not finished' };
      const elapsed = at === null || now - at < 1_000 ? '' : `for ${formatDuration(now - at)}`;
      return { ...base, state: 'running', note: elapsed };
    }
    case 'failed':
      return { ...base, state: 'failed', note: viewStatus(store, now).sentence };
    case 'waiting':
      return stopped
        ? { ...base, state: 'stopped', note: 'Not reached' }
        : { ...base, state: 'waiting', note: needs[step.name] };
  }
}

function findLast(timeline: readonly TimelineEntryView[], types: readonly string[]): number | null {
  const times = timeline.filter((entry) => types.includes(entry.type)).map((entry) => Date.parse(entry.at));
  return times.length === 0 ? null : Math.max(...times);
}

function findFirstAfter(timeline: readonly TimelineEntryView[], type: string, from: number): number | null {
  const times = timeline.filter((entry) => entry.type === type).map((entry) => Date.parse(entry.at));
  const later = times.filter((at) => at >= from);
  return later.length === 0 ? null : Math.min(...later);
}
