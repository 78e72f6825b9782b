import { describe, expect, it } from 'vitest';

import { type Claim, planStorage, PROVISIONER, type Volume, VOLUME_FINALIZER } from './plan.ts';

const WAITING = { 'volume.kubernetes.io/storage-provisioner': PROVISIONER };
const OURS = { 'pv.kubernetes.io/provisioned-by': PROVISIONER };

function claim(part: {
  annotations?: Record<string, string>;
  spec?: Partial<Claim['spec']>;
  deletedAt?: string;
}): Claim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'data',
      namespace: 'shop',
      uid: 'u1',
      annotations: part.annotations ?? WAITING,
      ...(part.deletedAt === undefined ? {} : { deletionTimestamp: part.deletedAt }),
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, ...part.spec },
  };
}

function volume(part: {
  phase?: string;
  policy?: string;
  annotations?: Record<string, string>;
  finalizers?: string[];
  deletedAt?: string;
}): Volume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: 'pvc-u1',
      annotations: part.annotations ?? OURS,
      finalizers: part.finalizers ?? [VOLUME_FINALIZER],
      ...(part.deletedAt === undefined ? {} : { deletionTimestamp: part.deletedAt }),
    },
    spec: { persistentVolumeReclaimPolicy: part.policy ?? 'Delete' },
    status: { phase: part.phase ?? 'Bound' },
  };
}

function plan(claims: Claim[], volumes: Volume[]) {
  return planStorage({ claims, volumes, volumesDir: '/v', label: { key: 'kubernetes.io/hostname', value: 'node1' } });
}

describe('planStorage', () => {
  it('makes a folder and a volume for a claim that waits for us', () => {
    const [action, ...others] = plan([claim({})], []);
    expect(others).toEqual([]);
    expect(action).toMatchObject({
      kind: 'make',
      folder: '/v/pvc-u1',
      volume: {
        metadata: { name: 'pvc-u1', finalizers: [VOLUME_FINALIZER] },
        spec: {
          capacity: { storage: '2Gi' },
          local: { path: '/v/pvc-u1' },
          claimRef: { name: 'data', namespace: 'shop', uid: 'u1' },
        },
      },
    });
  });

  it.each<[string, Claim, Volume[]]>([
    ['of another class', claim({ annotations: { 'volume.kubernetes.io/storage-provisioner': 'other' } }), []],
    ['not yet handed to any provisioner', claim({ annotations: {} }), []],
    ['bound already', claim({ spec: { volumeName: 'pvc-u1' } }), []],
    ['whose volume is there', claim({}), [volume({})]],
    ['being deleted', claim({ deletedAt: '2026-01-01T00:00:00Z' }), []],
    ['for a raw device', claim({ spec: { volumeMode: 'Block' } }), []],
    ['with a selector', claim({ spec: { selector: {} } }), []],
    ['made from a snapshot', claim({ spec: { dataSourceRef: {} } }), []],
  ])('does nothing for a claim %s', (_, one, volumes) => {
    expect(plan([one], volumes)).toEqual([]);
  });

  it.each<[string, Volume, object[]]>([
    ['in use', volume({}), []],
    ['released', volume({ phase: 'Released' }), [{ kind: 'delete-volume', name: 'pvc-u1' }]],
    ['released, to be kept', volume({ phase: 'Released', policy: 'Retain' }), []],
    ['released, of somebody else', volume({ phase: 'Released', annotations: {} }), []],
    [
      'going, still protected',
      volume({ deletedAt: 'now', finalizers: ['kubernetes.io/pv-protection', VOLUME_FINALIZER] }),
      [],
    ],
    [
      'going, our turn',
      volume({ deletedAt: 'now', phase: 'Released' }),
      [{ kind: 'remove-folder', folder: '/v/pvc-u1', name: 'pvc-u1', finalizersLeft: [] }],
    ],
  ])('a volume %s', (_, one, actions) => {
    expect(plan([], [one])).toEqual(actions);
  });
});
