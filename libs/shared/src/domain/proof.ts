/** When a shop was last proven to serve. Pure. */
import type { StoreRecord } from './store.ts';

/**
 * @returns time in milliseconds of the last proof where it is older than the reconciler's last full pass; `null` where that
 *   pass proves it anew, and for a store that never served
 */
export function findOldProof({ observed, release }: Pick<StoreRecord, 'observed' | 'release'>): number | null {
  if (!observed.served) return null;
  if (observed.verdict !== 'healthy') return observed.unhealthySince;
  return observed.generationSeen >= release.generationApplied ? null : observed.observedAt;
}
