/**
 * The way of the newest wish as six steps, derived from the record. Pure. The first two are the worker's, the others come
 * from evidence; they overlap, so several may run at once.
 */
import { engines } from './engines/catalog.ts';
import { isLost } from './loss.ts';
import type { StepStart, StoreRecord } from './store.ts';
import type { ComponentName } from './verdict.ts';

export const stepNames = ['namespace', 'release', 'database', 'storefront', 'setup', 'page'] as const;
export type StepName = (typeof stepNames)[number];
export const stepStates = ['waiting', 'running', 'done', 'failed'] as const;
export type StepState = (typeof stepStates)[number];

/** Times in milliseconds, where known. A step that was done for an older wish and still holds has an end and no start. */
export interface Step {
  readonly name: StepName;
  readonly state: StepState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Number of the start in which it ran, from 1; `null` for what no worker does, and where it is not known. */
  readonly attempt: number | null;
}

type EvidenceStep = Extract<StepName, 'database' | 'storefront' | 'setup' | 'page'>;

/** The six steps in order. What runs no more, because the wish ended, is shown as failed or waiting. */
export function deriveSteps(record: StoreRecord): readonly Step[] {
  return endSteps(
    stepNames.map((name) => deriveStep(name, record)),
    record,
  );
}

/** Length of a step in milliseconds, `null` where it has not ended or its start is not known. */
export function measureStep({ state, startedAt, endedAt }: Step): number | null {
  return state === 'done' && startedAt !== null && endedAt !== null ? endedAt - startedAt : null;
}

/** How long each step of a store took that is ready for the first time; `null` unless all of them are known. */
export function measureFirstRun(previous: StoreRecord | null, next: StoreRecord): Record<StepName, number> | null {
  const isFirst = previous !== null && !previous.observed.served && next.observed.served;
  if (!isFirst || next.status.value !== 'ready' || next.observed.lostGeneration > 0) return null;
  const lengths: Partial<Record<StepName, number>> = {};
  for (const step of deriveSteps(next)) {
    const length = measureStep(step);
    if (length === null) return null;
    lengths[step.name] = length;
  }
  return lengths as Record<StepName, number>;
}

/** Components behind a step that is judged by evidence. A shop is up when all that serves it is. */
function listEvidence(name: EvidenceStep, { identity }: StoreRecord): readonly ComponentName[] {
  return name === 'storefront' ? engines[identity.engine].workloads : [name];
}

function deriveStep(name: StepName, record: StoreRecord): Step {
  switch (name) {
    case 'namespace':
      return deriveNamespace(record);
    case 'release':
      return deriveRelease(record);
    case 'database':
    case 'storefront':
    case 'page':
      return deriveFromEvidence(name, record);
    case 'setup':
      // The Job may be gone after its success; the record remembers.
      if (isCurrent(record) && record.observed.setupDone) {
        const { componentReadyAt, servedAt } = record.observed;
        return done(name, findEvidenceStart(name, record), componentReadyAt['setup'] ?? servedAt);
      }
      return deriveFromEvidence(name, record);
  }
}

function deriveNamespace(record: StoreRecord): Step {
  const { release } = record;
  if (hasNamespace(record)) return doneBy('namespace', release.namespaceStart, release.namespaceEnsuredAt);
  return hasBegun(record) ? runningBy('namespace', record) : waiting('namespace');
}

function deriveRelease(record: StoreRecord): Step {
  const { desired, release } = record;
  if (!hasNamespace(record)) return waiting('release');
  if (release.generationApplied === desired.generation) {
    return doneBy('release', release.applyStart, release.appliedAt);
  }
  return hasBegun(record) ? runningBy('release', record) : waiting('release');
}

function deriveFromEvidence(name: EvidenceStep, record: StoreRecord): Step {
  const { desired, observed, release } = record;
  const parts = listEvidence(name, record).map((part) =>
    observed.components.find((component) => component.name === part),
  );
  const states = parts.map((part) => part?.state ?? 'missing');
  const applied = release.generationApplied === desired.generation && hasNamespace(record);
  const startedAt = findEvidenceStart(name, record);

  if (states.every((state) => state === 'ready')) return done(name, startedAt, findReadyAt(name, record));
  // Evidence of an older wish says nothing bad about this one, nor does any before it is installed.
  if (!applied || !isCurrent(record)) return waiting(name);
  if (states.includes('failing'))
    return { name, state: 'failed', startedAt, endedAt: observed.observedAt, attempt: null };
  if (states.every((state) => state === 'missing')) return waiting(name);
  return { name, state: 'running', startedAt, endedAt: null, attempt: null };
}

/** Everything begins with the release; the page cannot be asked for before something serves it. */
function findEvidenceStart(name: EvidenceStep, record: StoreRecord): number | null {
  const { appliedAt } = record.release;
  return name === 'page' && appliedAt !== null
    ? Math.max(appliedAt, findReadyAt('storefront', record) ?? appliedAt)
    : appliedAt;
}

/** A wish that ended without success leaves no step running: the first that is not done is the one it failed at. */
function endSteps(steps: readonly Step[], { desired, status }: StoreRecord): readonly Step[] {
  const stopped = status.reason === 'ChangeFailed' || status.reason === 'Halted';
  const ended = status.value === 'failed' || (desired.intent === 'present' && stopped);
  if (!ended && desired.intent === 'present') return steps;
  const blamed =
    ended && !steps.some((step) => step.state === 'failed') ? steps.find((step) => step.state !== 'done') : undefined;
  return steps.map((step) => {
    if (step === blamed) return { ...step, state: 'failed', endedAt: status.since };
    return step.state === 'running' ? waiting(step.name) : step;
  });
}

/** Tries that only find the cluster away come and go; the status says whether anything has begun. */
function hasBegun({ attempt, desired, status }: StoreRecord): boolean {
  return attempt.generation === desired.generation && status.value !== 'queued';
}

/** False again once a namespace was lost, until a new one is made. */
function hasNamespace(record: StoreRecord): boolean {
  return record.release.namespaceUid !== null && !isLost(record);
}

function isCurrent({ observed, release }: StoreRecord): boolean {
  return observed.generationSeen >= release.generationApplied;
}

function findReadyAt(name: EvidenceStep, record: StoreRecord): number | null {
  const times = listEvidence(name, record).flatMap((part) => record.observed.componentReadyAt[part] ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function done(name: StepName, startedAt: number | null, endedAt: number | null, attempt: number | null = null): Step {
  const isOfThisRun = startedAt !== null && endedAt !== null && startedAt <= endedAt;
  return { name, state: 'done', startedAt: isOfThisRun ? startedAt : null, endedAt, attempt };
}

function doneBy(name: StepName, start: StepStart | null, endedAt: number | null): Step {
  return done(name, start?.at ?? null, endedAt, start?.attempt ?? null);
}

/** Counts from the moment the worker said that it is at it, or from the start of its attempt. */
function runningBy(name: 'namespace' | 'release', { attempt, release }: StoreRecord): Step {
  const begun = attempt.step === name ? attempt.stepAt : attempt.startedAt;
  const startedAt = name === 'release' ? Math.max(begun, release.namespaceEnsuredAt ?? 0) : begun;
  return { name, state: 'running', startedAt, endedAt: null, attempt: attempt.startsUsed || null };
}

function waiting(name: StepName): Step {
  return { name, state: 'waiting', startedAt: null, endedAt: null, attempt: null };
}
