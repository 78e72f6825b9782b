import { describe, expect, it } from 'vitest';
import { emptyAttempt, emptyObserved, emptyRelease, type Desired, type StoreRecord } from '@urumi/shared/domain/store';
import { stampSchemaNumber, type Stamp } from '@urumi/shared/k8s/stamp';
import { releaseStatuses, type Facts, type NamespaceFact, type ReleaseRevision, type ReleaseStatus } from '../facts.ts';
import { plan, type Action, type Progress } from './plan.ts';

const fence = 7;
const generation = 3;

const desired: Desired = {
  intent: 'present',
  generation,
  plan: 'S',
  setupRun: 1,
  host: 'abcdefgh.localhost',
  formerHosts: [],
  recreateAllowed: false,
  halted: false,
  requestedAt: 0,
};
const identity = {
  id: 'abcdefgh',
  name: 'Shop',
  owner: 'o',
  engine: 'medusa',
  createdAt: 0,
} as const;

interface Case {
  readonly desired?: Partial<Desired>;
  readonly once?: boolean;
  readonly lost?: number;
  readonly drift?: { readonly seen: number; readonly answered: number };
  readonly facts?: Partial<Facts>;
  readonly ensured?: Progress['ensured'];
  readonly applied?: Progress['applied'];
}

function buildRecord({ desired: wish, once, lost, drift }: Case): StoreRecord {
  return {
    identity,
    desired: { ...desired, ...wish },
    attempt: { ...emptyAttempt, fence, generation },
    release: { ...emptyRelease, namespaceUid: once ? 'uid' : null, driftAnswered: drift?.answered ?? 0 },
    observed: { ...emptyObserved, lostGeneration: lost ?? 0, drift: drift?.seen ?? 0 },
    status: { value: 'queued', reason: 'AwaitingWorker', since: 0, settled: false },
  };
}

function buildStamp(change: { readonly generation?: number; readonly fence?: number } = {}): Stamp {
  return {
    v: stampSchemaNumber,
    identity,
    desired: { ...desired, generation: change.generation ?? generation },
    fence: change.fence ?? fence,
  };
}

function ours(change: Partial<Extract<NamespaceFact, { state: 'ours' }>> = {}): NamespaceFact {
  return { state: 'ours', uid: 'uid', terminating: false, stamp: buildStamp(), ...change };
}

function release(status: ReleaseStatus, of: number | null = generation): ReleaseRevision {
  return { revision: 2, status, generation: of, chartVersion: '0.1.0', secretName: 's', secretUid: 'u' };
}

function decide(c: Case): Action {
  const facts: Facts = { namespace: ours(), access: true, release: null, ...c.facts };
  return plan(buildRecord(c), facts, { fence, ensured: c.ensured ?? null, applied: c.applied ?? null });
}

const missing: NamespaceFact = { state: 'missing' };
const foreign: NamespaceFact = { state: 'foreign' };
const pendingStatuses: readonly ReleaseStatus[] = [
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
];

describe('plan, a store that shall be there', () => {
  const rows: readonly (readonly [string, Case, Action])[] = [
    ['a namespace that is not ours', { facts: { namespace: foreign } }, { kind: 'give-up', code: 'namespace.foreign' }],
    [
      'a namespace that is not ours, even when halted',
      { desired: { halted: true }, facts: { namespace: foreign } },
      { kind: 'give-up', code: 'namespace.foreign' },
    ],
    [
      'halted, nothing made',
      { desired: { halted: true }, facts: { namespace: missing } },
      { kind: 'give-up', code: 'store.cancelled' },
    ],
    [
      'halted, deployed',
      { desired: { halted: true }, facts: { release: release('deployed', 2) } },
      { kind: 'give-up', code: 'store.cancelled' },
    ],
    [
      'halted, the release was left pending',
      { desired: { halted: true }, facts: { release: release('pending-upgrade', 2) } },
      { kind: 'unlock-release', release: release('pending-upgrade', 2) },
    ],
    [
      'a namespace on its way out',
      { facts: { namespace: ours({ terminating: true }), access: false } },
      { kind: 'park', why: 'namespace-terminating' },
    ],
    [
      'a stamp of a newer wish',
      { facts: { namespace: ours({ stamp: buildStamp({ generation: 4 }) }) } },
      { kind: 'park', why: 'stamp-newer' },
    ],
    [
      'a stamp of a later attempt',
      { facts: { namespace: ours({ stamp: buildStamp({ fence: 8 }) }) } },
      { kind: 'park', why: 'stamp-newer' },
    ],
    [
      'missing, was there once',
      { once: true, facts: { namespace: missing } },
      { kind: 'give-up', code: 'store.data-lost' },
    ],
    [
      'missing, was there once, this wish allows an empty store',
      { once: true, lost: 2, desired: { recreateAllowed: true }, facts: { namespace: missing } },
      { kind: 'ensure-namespace', bindings: true },
    ],
    [
      'missing again after this wish allowed an empty store',
      { once: true, lost: 3, desired: { recreateAllowed: true }, facts: { namespace: missing } },
      { kind: 'give-up', code: 'store.data-lost' },
    ],
    [
      'missing, never made',
      { facts: { namespace: missing, access: false } },
      { kind: 'ensure-namespace', bindings: true },
    ],
    ['no stamp', { facts: { namespace: ours({ stamp: null }) } }, { kind: 'ensure-namespace', bindings: true }],
    [
      'a stamp of an older wish',
      { facts: { namespace: ours({ stamp: buildStamp({ generation: 2 }) }) } },
      { kind: 'ensure-namespace', bindings: true },
    ],
    [
      'a stamp of an earlier attempt for the same wish',
      { facts: { namespace: ours({ stamp: buildStamp({ fence: 6 }) }) } },
      { kind: 'ensure-namespace', bindings: false },
    ],
    ['no access yet', { facts: { access: false } }, { kind: 'ensure-namespace', bindings: true }],
    ['no release', {}, { kind: 'apply-release', drift: 0 }],
    ['an older release', { facts: { release: release('deployed', 2) } }, { kind: 'apply-release', drift: 0 }],
    [
      'a release without our label',
      { facts: { release: release('deployed', null) } },
      { kind: 'apply-release', drift: 0 },
    ],
    [
      'deployed, drifted since: what is ours of the namespace may have drifted too',
      { drift: { seen: 2, answered: 1 }, facts: { release: release('deployed') } },
      { kind: 'ensure-namespace', bindings: true },
    ],
    [
      'deployed, drifted since, namespace and bindings are ensured again',
      {
        drift: { seen: 2, answered: 1 },
        ensured: { generation, drift: 2 },
        facts: { release: release('deployed') },
      },
      { kind: 'apply-release', drift: 2 },
    ],
    [
      'drifted again since they were ensured: left to the next attempt',
      {
        drift: { seen: 3, answered: 1 },
        ensured: { generation, drift: 2 },
        facts: { release: release('deployed') },
      },
      { kind: 'apply-release', drift: 2 },
    ],
    [
      'drifted, namespace and bindings were ensured for an older wish',
      {
        drift: { seen: 2, answered: 1 },
        ensured: { generation: 2, drift: 2 },
        facts: { release: release('deployed', 2) },
      },
      { kind: 'ensure-namespace', bindings: true },
    ],
    [
      'drifted, left pending: ensured first, unlocked then',
      {
        drift: { seen: 2, answered: 1 },
        ensured: { generation, drift: 2 },
        facts: { release: release('pending-upgrade') },
      },
      { kind: 'unlock-release', release: release('pending-upgrade') },
    ],
    [
      'deployed, drift answered',
      { drift: { seen: 2, answered: 2 }, facts: { release: release('deployed') } },
      { kind: 'record-applied', chartVersion: '0.1.0', drift: 2 },
    ],
    [
      'deployed by this attempt in answer to a drift',
      {
        drift: { seen: 2, answered: 1 },
        applied: { generation, drift: 2 },
        facts: { release: release('deployed') },
      },
      { kind: 'record-applied', chartVersion: '0.1.0', drift: 2 },
    ],
    [
      'drifted again while this attempt applied: left to the next one',
      { drift: { seen: 3, answered: 1 }, applied: { generation, drift: 2 }, facts: { release: release('deployed') } },
      { kind: 'record-applied', chartVersion: '0.1.0', drift: 2 },
    ],
    [
      'this attempt applied an older wish',
      { applied: { generation: 2, drift: 0 }, facts: { release: release('deployed', 2) } },
      { kind: 'apply-release', drift: 0 },
    ],
    [
      'deployed',
      { facts: { release: release('deployed') } },
      { kind: 'record-applied', chartVersion: '0.1.0', drift: 0 },
    ],
  ];
  it.each(rows)('%s', (_name, c, action) => {
    expect(decide(c)).toEqual(action);
  });

  it.each(pendingStatuses)('a release left %s is unlocked, of this wish or an older one', (status) => {
    for (const of of [generation, 2, null]) {
      expect(decide({ facts: { release: release(status, of) } })).toEqual({
        kind: 'unlock-release',
        release: release(status, of),
      });
    }
  });

  const applied = releaseStatuses.filter((status) => status !== 'deployed' && !pendingStatuses.includes(status));
  it.each(applied)('a release that is %s is applied again', (status) => {
    expect(decide({ facts: { release: release(status) } })).toEqual({ kind: 'apply-release', drift: 0 });
  });
});

describe('plan, a store that shall be gone', () => {
  const absent = { intent: 'absent' } as const;
  const rows: readonly (readonly [string, Partial<Facts>, Action])[] = [
    [
      'namespace on its way out',
      { namespace: ours({ terminating: true }), access: false },
      { kind: 'record-teardown' },
    ],
    ['namespace live', {}, { kind: 'delete-namespace', uid: 'uid', access: true }],
    ['namespace live, no access', { access: false }, { kind: 'delete-namespace', uid: 'uid', access: false }],
    [
      'namespace live, a pending release does not matter',
      { release: release('pending-install') },
      { kind: 'delete-namespace', uid: 'uid', access: true },
    ],
    [
      'namespace live, stamped newer',
      { namespace: ours({ stamp: buildStamp({ generation: 9 }) }) },
      { kind: 'delete-namespace', uid: 'uid', access: true },
    ],
    ['namespace missing', { namespace: missing }, { kind: 'record-teardown' }],
    ['namespace not ours', { namespace: foreign }, { kind: 'record-teardown' }],
  ];
  it.each(rows)('%s', (_name, facts, action) => {
    expect(decide({ desired: absent, facts })).toEqual(action);
  });

  it('is never given up, parked or applied, whatever the facts', () => {
    for (const namespace of [missing, foreign, ours(), ours({ terminating: true }), ours({ stamp: null })]) {
      for (const status of releaseStatuses) {
        for (const halted of [true, false]) {
          const action = decide({ desired: { ...absent, halted }, facts: { namespace, release: release(status) } });
          expect(['record-teardown', 'delete-namespace']).toContain(action.kind);
        }
      }
    }
  });
});
