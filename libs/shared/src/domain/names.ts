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

/** Longest label of a host name (RFC 1035). */
export const hostLabelLengthMax = 63;
const hostLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** What `store-id.ts` makes; its letters and digits leave out those that look alike. */
const generatedId = /^[a-km-np-z][a-km-np-z2-9]{7}$/;

/** Labels that people would take for the platform itself, or that other services of a domain use. */
const reservedLabels: ReadonlySet<string> = new Set(
  (
    'www api app admin administrator dashboard console portal login auth sso account accounts status metrics grafana ' +
    'prometheus queues urumi platform system internal kubernetes cluster root support help billing mail smtp imap pop ' +
    'ftp ssh vpn ns ns1 ns2 dns mx cdn static assets localhost autodiscover autoconfig wpad postmaster webmaster'
  ).split(' '),
);

export type HostFault = 'empty' | 'too-long' | 'characters' | 'other-domain' | 'punycode' | 'reserved' | 'like-an-id';

/**
 * Says what is wrong with the address a person wishes for a shop, or `null`. It is one label, alone or with the base domain
 * behind it; nothing is folded or trimmed, so that what was typed is what is made.
 * @param storeId  the store that wishes it: its own id is always free to it; `null` for one that is still to be made
 */
export function findHostFault(
  host: string,
  { baseDomain, storeId }: { readonly baseDomain: string; readonly storeId: string | null },
): HostFault | null {
  const label = toHostLabel(host, baseDomain);
  if (label === '') return 'empty';
  if (label.includes('.')) return 'other-domain';
  if (label.length > hostLabelLengthMax) return 'too-long';
  if (!hostLabel.test(label)) return 'characters';
  if (label.startsWith('xn--')) return 'punycode';
  if (reservedLabels.has(label)) return 'reserved';
  return generatedId.test(label) && label !== storeId ? 'like-an-id' : null;
}

/** The full host of a wished address that has no fault. */
export function toFullHost(host: string, baseDomain: string): string {
  return toStoreHost(toHostLabel(host, baseDomain), baseDomain);
}

function toHostLabel(host: string, baseDomain: string): string {
  return host.endsWith(`.${baseDomain}`) ? host.slice(0, -baseDomain.length - 1) : host;
}

/** Host name of a store below the platform's base domain. */
export function toStoreHost(storeId: string, baseDomain: string): string {
  return `${storeId}.${baseDomain}`;
}
