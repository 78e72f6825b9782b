/** Volumes that are left of stores. The platform lists them and removes none. Pure. */
import { parseNamespaceName } from '@urumi/shared/k8s/names';
import type { VolumeFacts } from '../watch/guard-facts.ts';

/** @returns names of volumes made for a store that has no record */
export function findLeftVolumes(volumes: readonly VolumeFacts[], knownIds: ReadonlySet<string>): string[] {
  return volumes
    .filter(({ claimNamespace, phase }) => {
      const storeId = parseNamespaceName(claimNamespace);
      return storeId !== null && !knownIds.has(storeId) && phase !== 'Bound';
    })
    .map(({ name, claimNamespace, claim }) => `${name} (${claimNamespace}/${claim})`);
}
