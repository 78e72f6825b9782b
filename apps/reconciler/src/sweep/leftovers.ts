/** Finds namespaces of this installation that no living store owns. They are listed, never removed. */
import { parseNamespaceName } from '@urumi/shared/k8s/names';
import type { Tombstone } from '@urumi/shared/domain/store';
import type { NamespaceFacts } from '../watch/facts.ts';

export interface Leftover {
  readonly namespace: string;
  /** `deleted`: its store was deleted; `unknown`: no record, and no stamp that could become one. */
  readonly kind: 'deleted' | 'unknown';
}

export async function findLeftovers(
  namespaces: readonly NamespaceFacts[],
  knownIds: ReadonlySet<string>,
  readTombstone: (storeId: string) => Promise<Tombstone | null>,
): Promise<Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const { name } of namespaces) {
    const storeId = parseNamespaceName(name);
    if (storeId !== null && knownIds.has(storeId)) continue;
    const isDeleted = storeId !== null && (await readTombstone(storeId)) !== null;
    leftovers.push({ namespace: name, kind: isDeleted ? 'deleted' : 'unknown' });
  }
  return leftovers;
}
