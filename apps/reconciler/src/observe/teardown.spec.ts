import { describe, expect, it } from 'vitest';
import { buildCondition, buildNamespace } from '../testing/facts.ts';
import { assessTeardown, findRemaining, type Held } from './teardown.ts';

// Messages as Kubernetes 1.36 writes them (pkg/controller/namespace/deletion/status_condition_utils.go).
const content = buildCondition('NamespaceContentRemaining', {
  reason: 'SomeResourcesRemain',
  message:
    'Some resources are remaining: configmaps. has 1 resource instances, ingresses.networking.k8s.io has 2 resource instances',
});
const finalizers = buildCondition('NamespaceFinalizersRemaining', {
  reason: 'SomeFinalizersRemain',
  message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
});
const discovery = buildCondition('NamespaceDeletionDiscoveryFailure', {
  reason: 'DiscoveryFailed',
  message:
    'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.example.com/v1beta1: stale GroupVersion discovery: metrics.example.com/v1beta1',
});
const quiet = buildCondition('NamespaceContentRemaining', {
  status: 'False',
  message: 'All content successfully removed',
});
const terminating = (conditions = [quiet], differs = {}) =>
  buildNamespace({ isTerminating: true, conditions, ...differs });
const held: Held[] = [
  {
    remaining: { resource: 'configmaps', group: '', root: '/api/v1' },
    object: { name: 'kept', finalizers: ['example.com/hold'], claims: [] },
  },
];

describe('a teardown', () => {
  it('in its time is a teardown, whatever remains', () => {
    expect(assessTeardown(terminating([content, finalizers]), held, false)).toEqual({
      reason: 'TearingDown',
      explanation: null,
    });
  });

  it('that takes too long without saying why is stalled', () => {
    expect(assessTeardown(terminating(), [], true)).toMatchObject({
      reason: 'TeardownStalled',
      explanation: { object: 'Namespace store-abcd1234', events: [] },
    });
  });

  it('F26: held by a finalizer names object and finalizer, and who may remove it', () => {
    const { reason, explanation } = assessTeardown(terminating([content, finalizers]), held, true);
    expect(reason).toBe('NamespaceStuckTerminating');
    expect(explanation?.object).toBe('configmaps/kept');
    expect(explanation?.message).toContain('finalizer example.com/hold');
    expect(explanation?.message).toMatch(/an administrator can remove it$/);
    expect(explanation?.events).toHaveLength(2);
  });

  it('F26: whose claim is held by a pod names the pod, not the claim that goes with it', () => {
    const pods = { resource: 'pods', group: '', root: '/api/v1' };
    const claims = { resource: 'persistentvolumeclaims', group: '', root: '/api/v1' };
    const claim = { name: 'store-database-data', finalizers: ['kubernetes.io/pvc-protection'], claims: [] };
    const pod = { name: 'store-database-0', finalizers: [], claims: ['store-database-data'] };
    const both: Held[] = [
      { remaining: claims, object: claim },
      { remaining: pods, object: pod },
    ];
    const { explanation } = assessTeardown(terminating([content, finalizers]), both, true);
    expect(explanation?.object).toBe('pods/store-database-0');
    expect(explanation?.message).toContain('holds the claim store-database-data until its node says');
    const unknown = { ...claim, finalizers: [...claim.finalizers, 'example.com/hold'] };
    const foreign = [{ remaining: claims, object: unknown }, ...both.slice(1)];
    expect(assessTeardown(terminating([content]), foreign, true).explanation?.object).toBe(
      'persistentvolumeclaims/store-database-data',
    );
  });

  it('held by objects that may not be read names their kinds', () => {
    const { explanation } = assessTeardown(terminating([content, finalizers]), [], true);
    expect(explanation?.object).toBe('configmaps, ingresses.networking.k8s.io in store-abcd1234');
    expect(explanation?.message).toContain('example.com/hold in 1 resource instances');
  });

  it('F25: held by an API that does not answer names the APIService', () => {
    expect(assessTeardown(terminating([discovery, content]), held, true).explanation?.object).toBe(
      'APIService v1beta1.metrics.example.com',
    );
  });

  it('held by a finalizer of the namespace itself names it', () => {
    const { reason, explanation } = assessTeardown(
      terminating([quiet], { finalizers: ['example.com/hold'] }),
      [],
      true,
    );
    expect(reason).toBe('NamespaceStuckTerminating');
    expect(explanation).toMatchObject({
      object: 'Namespace store-abcd1234',
      message: 'held by its own finalizer example.com/hold',
    });
  });

  it('knows where to read what remains', () => {
    expect(findRemaining(terminating([content]))).toEqual([
      { resource: 'configmaps', group: '', root: '/api/v1' },
      { resource: 'ingresses', group: 'networking.k8s.io', root: '/apis/networking.k8s.io/v1' },
    ]);
  });
});
