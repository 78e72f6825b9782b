/**
 * The verdict on a store, from a snapshot alone: pure, no clock, no reads. Same snapshot, same verdict.
 * Causes come before effects: without its database a server cannot be well, so the database's fault is the one told.
 */
import type { Component, ComponentName, Reason, Verdict } from '@urumi/shared/domain/verdict';
import { findLostData } from './assess/claim.ts';
import { assessPage } from './assess/page.ts';
import type { Fault, LogPlace, Part } from './assess/part.ts';
import { assessSetup, comesFilled, findSetupJob, isSetupLost } from './assess/setup.ts';
import { assessWorkload } from './assess/workload.ts';
import type { Snapshot } from './snapshot.ts';

export interface Assessment {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly components: readonly Component[];
  /** Generation that the evidence is of: of the oldest object that says one, never below the applied one. */
  readonly generation: number;
  readonly setupDone: boolean;
  readonly fault: Fault | null;
  /** The part that keeps the others waiting, and where it may have said what keeps it. */
  readonly speaker: Speaker | null;
  /** Everything but the page is ready: time to ask for it. */
  readonly isPageDue: boolean;
  /** The evidence says nothing about this store; what was known of it stays. */
  readonly isHeld: boolean;
}

export interface Speaker {
  readonly component: ComponentName;
  readonly log: LogPlace;
}

interface Parts {
  readonly database: Part;
  readonly setup: Part;
  /** What serves, each before those that need it. */
  readonly workloads: readonly Part[];
  readonly page: Part;
}

export function assess(snapshot: Snapshot): Assessment {
  const parts: Parts = {
    database: assessWorkload('database', snapshot),
    setup: assessSetup(snapshot),
    workloads: snapshot.workloads.map((name) => assessWorkload(name, snapshot)),
    page: assessPage(snapshot),
  };
  const { database, setup, workloads, page } = parts;
  const others = [database, setup, ...workloads];
  // Setup that left no trace, or that came with the data, is proven by the page it made.
  const isProvenByPage = findSetupJob(snapshot) === null;
  const faulty = [...others, page].find((part) => part.fault !== null) ?? null;
  const told = isSetupLost(setup) && !snapshot.served ? setup : faulty;
  const lostData = findLostData(snapshot);
  return {
    ...(lostData === null
      ? conclude(parts, told?.fault ?? null, snapshot)
      : { verdict: 'fatal', reason: lostData.reason, fault: lostData }),
    components: [database, ...workloads, setup, page].map(({ component }) => component),
    generation: findGeneration(snapshot),
    setupDone: isReady(setup),
    speaker: findSpeaker(told ?? findBroken(parts)),
    isPageDue: others.every((part) => isReady(part) || (part === setup && isProvenByPage)),
    isHeld: snapshot.served && others.every(isReady) && snapshot.page.kind === 'route-at-fault',
  };
}

function conclude(
  parts: Parts,
  fault: Fault | null,
  snapshot: Snapshot,
): Pick<Assessment, 'verdict' | 'reason' | 'fault'> {
  const { database, setup, workloads, page } = parts;
  const { served } = snapshot;
  if ([database, setup, ...workloads, page].every(isReady)) {
    return { verdict: 'healthy', reason: 'Healthy', fault: null };
  }
  if (isSetupLost(setup) && !served) return { verdict: 'fatal', reason: 'SetupFailed', fault };
  if (fault) return { verdict: served ? 'unhealthy' : 'hindered', reason: fault.reason, fault };

  const broken = findBroken(parts);
  if (served && broken) {
    const { name, detail } = broken.component;
    return {
      verdict: 'unhealthy',
      reason: 'WorkloadUnavailable',
      fault: { reason: 'WorkloadUnavailable', object: `Component ${name}`, message: detail, log: broken.unready },
    };
  }
  return { verdict: 'progressing', reason: nameWait(), fault: null };

  function nameWait(): Reason {
    if (!isReady(database)) return 'AwaitingWorkloads';
    if (!isReady(setup) && !comesFilled(snapshot)) return 'AwaitingSetup';
    return workloads.every(isReady) && !isReady(page) ? 'AwaitingPage' : 'AwaitingWorkloads';
  }
}

/** The first workload that is not up. */
function findBroken({ database, workloads }: Parts): Part | null {
  return [database, ...workloads].find((part) => !isReady(part)) ?? null;
}

function findSpeaker(part: Part | null): Speaker | null {
  const log = part?.fault?.log ?? part?.unready ?? null;
  return part && log && { component: part.component.name, log };
}

function isReady({ component }: Part): boolean {
  return component.state === 'ready';
}

function findGeneration(snapshot: Snapshot): number {
  const { facts, generationApplied } = snapshot;
  const job = findSetupJob(snapshot);
  const stated = [...facts.workloads, ...(job ? [job] : [])].map(({ generation }) => generation);
  return Math.max(generationApplied, stated.length === 0 ? 0 : Math.min(...stated));
}
