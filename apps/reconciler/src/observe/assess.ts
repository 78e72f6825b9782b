/**
 * The verdict on a store, from a snapshot alone: pure, no clock, no reads. Same snapshot, same verdict.
 * Causes come before effects: without its database a server cannot be well, so the database's fault is the one told.
 */
import type { Component, Reason, Verdict } from '@urumi/shared/domain/verdict';
import { assessPage } from './assess/page.ts';
import type { Fault, Part } from './assess/part.ts';
import { assessSetup, findSetupJob, isSetupLost } from './assess/setup.ts';
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
  /** Everything but the page is ready: time to ask for it. */
  readonly isPageDue: boolean;
  /** The evidence says nothing about this store; what was known of it stays. */
  readonly isHeld: boolean;
}

export function assess(snapshot: Snapshot): Assessment {
  const parts = {
    database: assessWorkload('database', snapshot),
    setup: assessSetup(snapshot),
    server: assessWorkload('server', snapshot),
    storefront: assessWorkload('storefront', snapshot),
    page: assessPage(snapshot),
  };
  const { database, setup, server, storefront, page } = parts;
  const others = [database, setup, server, storefront];
  // Setup that left no trace is proven by the page it made.
  const isPageDue = others.every((part) => isReady(part) || (part === setup && part.component.state === 'missing'));
  const fault = [...others, page].find((part) => part.fault !== null)?.fault ?? null;
  return {
    ...conclude(parts, fault, snapshot),
    components: [database, server, storefront, setup, page].map(({ component }) => component),
    generation: findGeneration(snapshot),
    setupDone: isReady(setup),
    isPageDue,
    isHeld: snapshot.served && others.every(isReady) && snapshot.page.kind === 'route-at-fault',
  };
}

type Parts = Readonly<Record<'database' | 'setup' | 'server' | 'storefront' | 'page', Part>>;

function conclude(
  parts: Parts,
  fault: Fault | null,
  { served }: Snapshot,
): Pick<Assessment, 'verdict' | 'reason' | 'fault'> {
  const { database, setup, server, storefront, page } = parts;
  if (Object.values(parts).every(isReady)) return { verdict: 'healthy', reason: 'Healthy', fault: null };
  if (isSetupLost(setup) && !served) return { verdict: 'fatal', reason: 'SetupFailed', fault: setup.fault };
  if (fault) return { verdict: served ? 'unhealthy' : 'hindered', reason: fault.reason, fault };

  const broken = [database, server, storefront].find((part) => !isReady(part));
  if (served && broken) {
    const { name, detail } = broken.component;
    return {
      verdict: 'unhealthy',
      reason: 'WorkloadUnavailable',
      fault: { reason: 'WorkloadUnavailable', object: `Component ${name}`, message: detail, log: null },
    };
  }
  return { verdict: 'progressing', reason: nameWait(), fault: null };

  function nameWait(): Reason {
    if (!isReady(database)) return 'AwaitingWorkloads';
    if (!isReady(setup)) return 'AwaitingSetup';
    return isReady(server) && isReady(storefront) && !isReady(page) ? 'AwaitingPage' : 'AwaitingWorkloads';
  }
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
