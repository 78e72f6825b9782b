/** Whether a store's data was lost outside Urumi, with its namespace or alone. Pure. */
import type { StoreRecord } from './store.ts';

type Facts = Pick<StoreRecord, 'desired' | 'release' | 'observed'>;

/** True from the moment the loss was seen until a new namespace is made, whatever was wished in between. */
export function isLost({ release, observed }: Facts): boolean {
  return observed.lostGeneration > 0 && observed.lostUid === release.namespaceUid;
}

/** True where a wish made after the loss allows an empty store in its place. */
export function isRecreationWished({ desired, observed }: Facts): boolean {
  return desired.recreateAllowed && observed.lostGeneration < desired.generation;
}

/** True while the store is lost and nobody has asked for an empty one in its place. */
export function isLeftLost(facts: Facts): boolean {
  return isLost(facts) && !isRecreationWished(facts);
}

/** True where the namespace is there and a volume of it is not: what is installed next would begin empty. */
export function isDataLost({ observed }: Pick<StoreRecord, 'observed'>): boolean {
  return observed.reason === 'DataLost';
}
