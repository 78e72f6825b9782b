/** Facts for tests, as the watches keep them. Each builder makes the healthy case; a test names what differs. */
import type { Snapshot } from '../observe/snapshot.ts';
import type {
  ClaimFacts,
  Condition,
  ContainerFacts,
  JobFacts,
  NamespaceFacts,
  PodFacts,
  WorkloadFacts,
} from '../watch/facts.ts';

const testStoreId = 'abcd1234';
const namespace = `store-${testStoreId}`;
const identity = (name: string) => ({ name, namespace, uid: `uid-${name}`, resourceVersion: '1' });

export function buildWorkload(component: string, differs: Partial<WorkloadFacts> = {}): WorkloadFacts {
  return {
    ...identity(`store-${component}`),
    component,
    generation: 1,
    setup: 'job',
    editors: [],
    isTerminating: false,
    replicas: 1,
    isRolledOut: true,
    available: 1,
    replicaFailure: null,
    ...differs,
  };
}

export function buildJob(differs: Partial<JobFacts> = {}): JobFacts {
  return {
    ...identity('store-setup-1-0a1b2c3d'),
    generation: 1,
    isTerminating: false,
    tries: 4,
    active: 0,
    failed: 0,
    isComplete: true,
    failure: null,
    ...differs,
  };
}

export function buildContainer(differs: Partial<ContainerFacts> = {}): ContainerFacts {
  return { name: 'server', image: 'shop/server:1', isReady: true, restarts: 0, waiting: null, ended: null, ...differs };
}

export function buildPod(component: string, differs: Partial<PodFacts> = {}): PodFacts {
  return {
    ...identity(`store-${component}-x1`),
    component,
    isTerminating: false,
    createdAt: '2026-11-01T10:00:00Z',
    phase: 'Running',
    scheduling: null,
    isCutOff: false,
    containers: [buildContainer({ name: component })],
    ...differs,
  };
}

export function buildClaim(component: string, differs: Partial<ClaimFacts> = {}): ClaimFacts {
  return {
    ...identity(`store-${component}-data`),
    component,
    isTerminating: false,
    storageClass: null,
    phase: 'Bound',
    ...differs,
  };
}

export function buildNamespace(differs: Partial<NamespaceFacts> = {}): NamespaceFacts {
  return {
    ...identity(namespace),
    namespace: '',
    installation: 'urumi',
    isPodSecurityWhole: true,
    isTerminating: false,
    finalizers: [],
    stamp: undefined,
    conditions: [],
    ...differs,
  };
}

export function buildCondition(type: string, differs: Partial<Condition> = {}): Condition {
  return { type, status: 'True', reason: '', message: '', ...differs };
}

/** A store with everything in place and its page proven. */
export function buildHealthySnapshot(
  differs: Partial<Omit<Snapshot, 'facts'>> & { facts?: Partial<Snapshot['facts']> } = {},
): Snapshot {
  const { facts, ...rest } = differs;
  return {
    host: `${testStoreId}.localhost`,
    workloads: ['server', 'storefront'],
    generationApplied: 1,
    setupDone: false,
    served: false,
    page: { kind: 'passed' },
    refusedPods: [],
    crashLoops: new Set(),
    lateClaims: new Set(),
    lostClaims: new Set(),
    ...rest,
    facts: {
      namespace: buildNamespace(),
      workloads: [buildWorkload('database'), buildWorkload('server'), buildWorkload('storefront')],
      jobs: [buildJob()],
      pods: [buildPod('database'), buildPod('server'), buildPod('storefront')],
      claims: [buildClaim('database'), buildClaim('server')],
      ...facts,
    },
  };
}
