/** Assesses the setup Job. Its completion is remembered in the record, so a Job that was cleaned away is no loss. */
import { objectNames } from '@urumi/shared/k8s/names';
import type { JobFacts, PodFacts } from '../../watch/facts.ts';
import type { Snapshot } from '../snapshot.ts';
import { buildPart, type Fault, type Part } from './part.ts';
import { findPodFault } from './pod.ts';
import { findRefusalFault } from './refusal.ts';

/** The setup Job of the newest applied wish: Helm removes older ones late, and never those of a failed revision. */
export function findSetupJob({
  facts,
  generationApplied,
}: Pick<Snapshot, 'facts' | 'generationApplied'>): JobFacts | null {
  const current = facts.jobs.filter(
    (job) => job.name.startsWith(objectNames.setupPrefix) && job.generation >= generationApplied && !job.isTerminating,
  );
  return current.sort((a, b) => b.generation - a.generation || toRun(b.name) - toRun(a.name))[0] ?? null;
}

export function assessSetup(snapshot: Snapshot): Part {
  const job = findSetupJob(snapshot);
  if (!job) {
    const isDone = snapshot.setupDone || snapshot.page.kind === 'passed';
    if (comesFilled(snapshot)) {
      return isDone ? buildPart('setup', 'ready', 'done') : buildPart('setup', 'waiting', 'comes with the database');
    }
    return isDone ? buildPart('setup', 'ready', 'done earlier') : buildPart('setup', 'missing', 'not there yet');
  }
  if (job.isComplete) return buildPart('setup', 'ready', 'done');

  const pods = snapshot.facts.pods.filter(({ name }) => name.startsWith(`${job.name}-`));
  if (job.failure) {
    const message = describeFailure(job) + describeExit(pods);
    const fault: Fault = { reason: 'SetupFailed', object: `Job ${job.name}`, message, log: findLastLog(pods) };
    return buildPart('setup', 'failing', message, fault);
  }
  const running = pods.filter((pod) => !pod.isTerminating && pod.phase !== 'Failed');
  for (const pod of running) {
    const fault = findPodFault(pod, snapshot);
    if (fault) return buildPart('setup', 'failing', fault.message, fault);
  }
  if (running.length === 0) {
    const refusal = findRefusalFault(job.name, snapshot.refusedPods, null);
    if (refusal) return buildPart('setup', 'failing', refusal.message, refusal);
  }
  if (job.failed > 0)
    return buildPart('setup', 'waiting', `try ${Math.min(job.failed + 1, job.tries)} of ${job.tries}`);
  return buildPart('setup', 'waiting', 'running');
}

/** True where no setup Job belongs to the newest applied wish: the shop's data comes from a template. */
export function comesFilled(snapshot: Pick<Snapshot, 'facts' | 'generationApplied'>): boolean {
  const { facts, generationApplied } = snapshot;
  const isMarked = facts.workloads.some((one) => one.setup === 'template' && one.generation >= generationApplied);
  return isMarked && findSetupJob(snapshot) === null;
}

/** True where the setup of the newest applied wish has failed for good. */
export function isSetupLost(part: Part): boolean {
  return part.fault?.reason === 'SetupFailed';
}

function describeFailure(job: JobFacts): string {
  switch (job.failure?.reason) {
    case 'BackoffLimitExceeded':
      return `setup failed ${job.failed === 1 ? 'once' : `${job.failed} times`}`;
    case 'DeadlineExceeded':
      return 'setup took longer than it may';
    case 'PodFailurePolicy':
      return 'setup stopped: its input is bad and would be at every try';
    default:
      return `setup failed: ${job.failure?.message || job.failure?.reason || 'no reason given'}`;
  }
}

/** Exit code of the newest try: which step it was, the last log lines say. */
function describeExit(pods: readonly PodFacts[]): string {
  const exitCode = findNewest(pods)?.containers.findLast(({ ended }) => ended !== null)?.ended?.exitCode;
  return exitCode === undefined || exitCode === 0 ? '' : ` (exit code ${exitCode})`;
}

function findNewest(pods: readonly PodFacts[]): PodFacts | undefined {
  return [...pods].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

function findLastLog(pods: readonly PodFacts[]): Fault['log'] {
  const newest = findNewest(pods);
  const container = newest?.containers.at(-1);
  return newest && container ? { pod: newest.name, container: container.name, previous: false, recent: false } : null;
}

function toRun(name: string): number {
  return Number(/^(\d+)-/.exec(name.slice(objectNames.setupPrefix.length))?.[1] ?? 0);
}
