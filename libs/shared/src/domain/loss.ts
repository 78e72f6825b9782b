/** Whether a store's namespace, and its data with it, was removed outside Urumi. Pure. */
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
