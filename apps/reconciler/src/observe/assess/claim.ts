/** What keeps a store's volumes from being there. */
import type { Snapshot } from '../snapshot.ts';
import type { Fault } from './part.ts';

/** Data that is gone although nobody asked Urumi for it. Told whatever else is well: pods may run on what they still hold. */
export function findLostData({ facts, lostClaims }: Pick<Snapshot, 'facts' | 'lostClaims'>): Fault | null {
  const [name] = lostClaims;
  if (name !== undefined) {
    const message = 'the claim was removed, and the data with it';
    return { reason: 'DataLost', object: `PersistentVolumeClaim ${name}`, message, log: null };
  }
  const lost = facts.claims.find(({ phase }) => phase === 'Lost');
  if (lost === undefined) return null;
  const message = 'the volume behind this claim is gone';
  return { reason: 'DataLost', object: `PersistentVolumeClaim ${lost.name}`, message, log: null };
}

/** @returns the first claim of a component that was lost or has waited too long */
export function findClaimFault(
  component: string,
  { facts, lateClaims }: Pick<Snapshot, 'facts' | 'lateClaims'>,
): Fault | null {
  for (const claim of facts.claims) {
    if (claim.component !== component) continue;
    const object = `PersistentVolumeClaim ${claim.name}`;
    if (claim.phase === 'Pending' && lateClaims.has(claim.name)) {
      const storage = claim.storageClass === null ? 'the default storage class' : `storage class ${claim.storageClass}`;
      return { reason: 'VolumePending', object, message: `no volume from ${storage}`, log: null };
    }
  }
  return null;
}
