import { describe, expect, it } from 'vitest';
import { claimFacts, jobFacts, namespaceFacts, parseList, podFacts, workloadFacts } from './facts.ts';
// A store of chart 0.1.0 whose quota lets one pod in, as Kubernetes 1.36.4 sent it; fields nobody reads were cut.
import recorded from './fixtures/recorded-objects.json' with { type: 'json' };

describe('facts of recorded objects', () => {
  it('of a Deployment whose pods are refused', () => {
    expect(workloadFacts.parse(recorded.deployment)).toEqual({
      name: 'store-server',
      namespace: 'store-wxyz9876',
      uid: recorded.deployment.metadata.uid,
      resourceVersion: recorded.deployment.metadata.resourceVersion,
      component: 'server',
      generation: 1,
      setup: 'job',
      editors: [],
      isTerminating: false,
      replicas: 1,
      isRolledOut: false,
      available: 0,
      replicaFailure: expect.stringContaining('exceeded quota: tight'),
    });
  });

  it('of a StatefulSet without a pod', () => {
    expect(workloadFacts.parse(recorded.statefulSet)).toMatchObject({
      name: 'store-database',
      component: 'database',
      generation: 1,
      isRolledOut: false,
      available: 0,
    });
  });

  it('of a Job that has not begun', () => {
    expect(jobFacts.parse(recorded.job)).toMatchObject({
      generation: 1,
      tries: 4,
      failed: 0,
      isComplete: false,
      failure: null,
    });
  });

  it('of a pod that cannot be scheduled', () => {
    expect(podFacts.parse(recorded.pod)).toMatchObject({
      component: 'storefront',
      phase: 'Pending',
      scheduling: { reason: 'Unschedulable', message: expect.stringContaining('untolerated taint') },
      containers: [],
    });
  });

  it('of a claim without a class', () => {
    expect(claimFacts.parse(recorded.claim)).toMatchObject({
      component: 'database',
      storageClass: null,
      phase: 'Pending',
    });
  });
});

describe('facts of bare objects', () => {
  const metadata = { name: 'n', uid: 'u', resourceVersion: '1' };

  it('take what is missing for nothing said', () => {
    expect(namespaceFacts.parse({ metadata })).toMatchObject({
      installation: null,
      isTerminating: false,
      conditions: [],
    });
    expect(workloadFacts.parse({ metadata, spec: {} })).toMatchObject({ replicas: 1, generation: 0, available: 0 });
    expect(podFacts.parse({ metadata, spec: { containers: [] } })).toMatchObject({ phase: 'Pending', containers: [] });
  });

  it.each([
    ['1', 1],
    ['12', 12],
    ['', 0],
    ['-1', 0],
    ['1e3', 0],
    ['99999999999999999999', 0],
  ])('read generation %j as %i', (text, generation) => {
    const annotated = { ...metadata, annotations: { 'urumi.dev/generation': text } };
    expect(workloadFacts.parse({ metadata: annotated }).generation).toBe(generation);
  });

  it('bound every text', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'r'.repeat(9_999), message: 'm'.repeat(9_999) },
    ];
    const { scheduling } = podFacts.parse({ metadata, spec: { containers: [] }, status: { conditions } });
    expect([scheduling?.reason.length, scheduling?.message.length]).toEqual([100, 500]);
  });

  it('of an empty list are none', () => {
    expect(parseList({ metadata: { resourceVersion: '7' }, items: null }, podFacts)).toEqual({
      items: [],
      resourceVersion: '7',
      next: '',
    });
  });
});
