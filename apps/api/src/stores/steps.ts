/**
 * The way of the newest wish as six steps, derived from the record. Pure. The first two are the worker's, the others come
 * from evidence; they overlap, so several may run at once.
 */
import { engines } from '@urumi/shared/domain/engines/catalog';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { ComponentName } from '@urumi/shared/domain/verdict';
import { stepNames, type StepName, type StepState, type StepView } from './dto/store-view.dto.ts';

interface Step {
  readonly name: StepName;
  readonly state: StepState;
  /** Milliseconds; when the step came into this state, where known. */
  readonly at: number | null;
}

type EvidenceStep = Extract<StepName, 'database' | 'storefront' | 'setup' | 'page'>;

/** Components behind a step that is judged by evidence. A shop is up when all that serves it is. */
function listEvidence(name: EvidenceStep, { identity }: StoreRecord): readonly ComponentName[] {
  return name === 'storefront' ? engines[identity.engine].workloads : [name];
}

/** The six steps in order. What runs no more, because the wish ended, is shown as failed or waiting. */
export function deriveSteps(record: StoreRecord): StepView[] {
  const steps = stepNames.map((name) => deriveStep(name, record));
  return endSteps(steps, record).map(({ name, state, at }) => ({
    name,
    state,
    at: at === null ? null : new Date(at).toISOString(),
  }));
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
        return { name, state: 'done', at: record.observed.componentReadyAt['setup'] ?? record.observed.servedAt };
      }
      return deriveFromEvidence(name, record);
  }
}

function deriveNamespace(record: StoreRecord): Step {
  const { attempt, release } = record;
  if (hasNamespace(record)) return { name: 'namespace', state: 'done', at: release.namespaceEnsuredAt };
  return hasBegun(record) ? running('namespace', attempt.startedAt) : waiting('namespace');
}

function deriveRelease(record: StoreRecord): Step {
  const { attempt, desired, release } = record;
  if (!hasNamespace(record)) return waiting('release');
  if (release.generationApplied === desired.generation)
    return { name: 'release', state: 'done', at: release.appliedAt };
  return hasBegun(record)
    ? running('release', Math.max(attempt.startedAt, release.namespaceEnsuredAt ?? 0))
    : waiting('release');
}

function deriveFromEvidence(name: EvidenceStep, record: StoreRecord): Step {
  const { desired, observed, release } = record;
  const parts = listEvidence(name, record).map((part) =>
    observed.components.find((component) => component.name === part),
  );
  const states = parts.map((part) => part?.state ?? 'missing');
  const applied = release.generationApplied === desired.generation && hasNamespace(record);

  if (states.every((state) => state === 'ready')) return { name, state: 'done', at: findReadyAt(name, record) };
  // Evidence of an older wish says nothing bad about this one, nor does any before it is installed.
  if (!applied || !isCurrent(record)) return waiting(name);
  if (states.includes('failing')) return { name, state: 'failed', at: observed.observedAt };
  return states.every((state) => state === 'missing') ? waiting(name) : running(name, release.appliedAt);
}

/** A wish that ended without success leaves no step running: the first that is not done is the one it failed at. */
function endSteps(steps: readonly Step[], { desired, status }: StoreRecord): readonly Step[] {
  const ended = status.value === 'failed' || (desired.intent === 'present' && status.reason === 'ChangeFailed');
  if (!ended && desired.intent === 'present') return steps;
  const blamed =
    ended && !steps.some((step) => step.state === 'failed') ? steps.find((step) => step.state !== 'done') : undefined;
  return steps.map((step) => {
    if (step === blamed) return { ...step, state: 'failed', at: status.since };
    return step.state === 'running' ? waiting(step.name) : step;
  });
}

/** Tries that only find the cluster away come and go; the status says whether anything has begun. */
function hasBegun({ attempt, desired, status }: StoreRecord): boolean {
  return attempt.generation === desired.generation && status.value !== 'queued';
}

/** False again once a namespace was lost, until a wish that allows it has made a new one. */
function hasNamespace({ desired, observed, release }: StoreRecord): boolean {
  if (release.namespaceUid === null || observed.lostGeneration === desired.generation) return false;
  return !desired.recreateAllowed || (release.namespaceEnsuredAt ?? 0) >= desired.requestedAt;
}

function isCurrent({ observed, release }: StoreRecord): boolean {
  return observed.generationSeen >= release.generationApplied;
}

function findReadyAt(name: EvidenceStep, record: StoreRecord): number | null {
  const times = listEvidence(name, record).flatMap((part) => record.observed.componentReadyAt[part] ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function running(name: StepName, at: number | null): Step {
  return { name, state: 'running', at };
}

function waiting(name: StepName): Step {
  return { name, state: 'waiting', at: null };
}
