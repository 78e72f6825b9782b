/**
 * Decides what the storage provisioner must do next, from the claims and volumes as they are. Pure.
 *
 * A volume carries a finalizer of ours from its first moment, so its folder always goes before the object does,
 * whoever deletes it.
 */
import type { KubeObject } from '../kube/objects.ts';

export const PROVISIONER = 'urumi.dev/local';
export const STORAGE_CLASS = 'urumi-local';
export const VOLUME_FINALIZER = 'urumi.dev/local-folder';
const PROVISIONER_ANNOTATION = 'volume.kubernetes.io/storage-provisioner';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
    storageClassName?: string;
    volumeMode?: string;
    volumeName?: string;
    selector?: unknown;
    dataSourceRef?: unknown;
  };
  status?: { phase?: string };
}

export interface Volume extends KubeObject {
  spec: {
    capacity?: { storage?: string };
    persistentVolumeReclaimPolicy?: string;
    local?: { path: string };
    claimRef?: { namespace?: string; name?: string; uid?: string };
  };
  status?: { phase?: string };
}

export type StorageAction =
  | { kind: 'make'; folder: string; volume: Volume & { spec: object } }
  | { kind: 'delete-volume'; name: string }
  | { kind: 'remove-folder'; folder: string; name: string; finalizersLeft: string[] };

export interface NodeLabel {
  key: string;
  value: string;
}

export function planStorage(input: {
  claims: readonly Claim[];
  volumes: readonly Volume[];
  volumesDir: string;
  /** Nodes with this label can mount the volumes. */
  label: NodeLabel;
}): StorageAction[] {
  const actions: StorageAction[] = [];
  const volumeNames = new Set(input.volumes.map((volume) => volume.metadata.name));

  for (const claim of input.claims) {
    if (!isOwedVolume(claim) || volumeNames.has(volumeName(claim))) continue;
    const folder = `${input.volumesDir}/${volumeName(claim)}`;
    actions.push({ kind: 'make', folder, volume: buildVolume(claim, folder, input.label) });
  }
  for (const volume of input.volumes) {
    if (volume.metadata.annotations?.[PROVISIONED_BY] !== PROVISIONER) continue;
    const { name, finalizers = [], deletionTimestamp } = volume.metadata;
    if (deletionTimestamp !== undefined) {
      // Kubernetes' own finalizer goes last of the others: while it is there a pod may still use the folder.
      const isOurTurn = finalizers.length === 1 && finalizers[0] === VOLUME_FINALIZER;
      if (isOurTurn) {
        actions.push({ kind: 'remove-folder', folder: `${input.volumesDir}/${name}`, name, finalizersLeft: [] });
      }
      continue;
    }
    const isReleased = volume.status?.phase === 'Released' || volume.status?.phase === 'Failed';
    if (isReleased && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
      actions.push({ kind: 'delete-volume', name });
    }
  }
  return actions;
}

/** Kubernetes writes the provisioner's name on each claim that waits for one (persistent volume controller). */
function isOwedVolume(claim: Claim): boolean {
  return (
    claim.metadata.annotations?.[PROVISIONER_ANNOTATION] === PROVISIONER &&
    claim.metadata.deletionTimestamp === undefined &&
    claim.metadata.uid !== undefined &&
    (claim.spec.volumeName ?? '') === '' &&
    (claim.spec.volumeMode ?? 'Filesystem') === 'Filesystem' &&
    claim.spec.selector === undefined &&
    claim.spec.dataSourceRef === undefined
  );
}

function volumeName(claim: Claim): string {
  return `pvc-${claim.metadata.uid}`;
}

function buildVolume(claim: Claim, folder: string, label: NodeLabel): Volume {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const spec = {
    capacity: { storage: claim.spec.resources?.requests?.storage ?? '1Gi' },
    accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
    volumeMode: 'Filesystem',
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: claim.spec.storageClassName ?? STORAGE_CLASS,
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion },
    local: { path: folder },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: label.key, operator: 'In', values: [label.value] }] }],
      },
    },
  };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName(claim),
      annotations: { [PROVISIONED_BY]: PROVISIONER },
      finalizers: [VOLUME_FINALIZER],
    },
    spec,
  };
}
