/**
 * Which host names a store holds. Pure. A host is never free while it may be routed: a change of host keeps the old one until
 * the new one is applied, and a change that failed keeps both.
 */
import type { Desired, StoreRecord } from './store.ts';

/** Every host that no other store may take now: the wished one, and former ones that may still be routed. Never repeated. */
export function findClaimedHosts({ desired, observed, release }: Omit<StoreRecord, 'status'>): readonly string[] {
  if (desired.intent === 'absent' && observed.goneGeneration === desired.generation) return [];
  if (release.generationApplied === desired.generation) return [desired.host];
  return [...new Set([desired.host, ...desired.formerHosts])];
}

/** The host at which the shop answers now: that of the applied release, or the wished one where nothing is applied yet. */
export function findServedHost({ desired, release }: Pick<StoreRecord, 'desired' | 'release'>): string {
  return release.host ?? desired.host;
}

/**
 * The hosts of the next wish, given what is claimed for the present one.
 * @param host  the wished host, `undefined` to keep the present one
 */
export function wishHosts(
  record: Pick<StoreRecord, 'desired' | 'release'>,
  host?: string,
): Pick<Desired, 'host' | 'formerHosts'> {
  const { desired, release } = record;
  const next = host ?? desired.host;
  const kept = release.generationApplied === desired.generation ? [] : desired.formerHosts;
  const former = new Set([...kept, desired.host]);
  former.delete(next);
  return { host: next, formerHosts: [...former] };
}
