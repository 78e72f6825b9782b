/**
 * Names and ids: one rule set for the form, the API and the worker. A store's name is text for people; it never becomes
 * part of an object name, a path or an argument. Only the generated id does.
 */
export const nameLengthMax = 63;
const idPattern = /^[a-z][a-z0-9]{7}$/;
const controlCharacters = /\p{Cc}|\p{Cs}|[\u2028\u2029]/u;

/** Format characters (joiners, direction marks) and spaces alone show nothing. */
const invisible = /^[\p{Cf}\s]*$/u;

export type NameFault = 'empty' | 'too-long' | 'control-characters';

/**
 * Says what is wrong with a store name, or `null`.
 * Length is counted in user-perceived code points after trimming; any script, case and punctuation is welcome.
 */
export function findNameFault(name: string): NameFault | null {
  if (controlCharacters.test(name)) return 'control-characters';
  const length = Array.from(name.trim()).length;
  if (length === 0 || invisible.test(name)) return 'empty';
  return length > nameLengthMax ? 'too-long' : null;
}

/** The form under which names of one owner are compared: trimmed, compatibility-normalised, case-folded. */
export function toNameKey(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}

/** True for ids this system generates: a letter, then seven lower-case letters or digits. */
export function isStoreId(value: string): boolean {
  return idPattern.test(value);
}

/** Host name of a store below the platform's base domain. */
export function toStoreHost(storeId: string, baseDomain: string): string {
  return `${storeId}.${baseDomain}`;
}
