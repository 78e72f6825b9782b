/** What keeps a store's volumes from being there. */
import type { Snapshot } from '../snapshot.ts';
import type { Fault } from './part.ts';

/** @returns the first claim of a component that was lost or has waited too long */
export function findClaimFault(
  component: string,
  { facts, lateClaims }: Pick<Snapshot, 'facts' | 'lateClaims'>,
): Fault | null {
  for (const claim of facts.claims) {
    if (claim.component !== component) continue;
    const object = `PersistentVolumeClaim ${claim.name}`;
    if (claim.phase === 'Lost') {
      return { reason: 'VolumePending', object, message: 'the volume behind this claim is gone', log: null };
    }
    if (claim.phase === 'Pending' && lateClaims.has(claim.name)) {
      const storage = claim.storageClass === null ? 'the default storage class' : `storage class ${claim.storageClass}`;
      return { reason: 'VolumePending', object, message: `no volume from ${storage}`, log: null };
    }
  }
  return null;
}
