/** The address a caller wishes, judged by the shared rules and written out in full. */
import { findHostFault, hostLabelLengthMax, toFullHost, type HostFault } from '@urumi/shared/domain/names';
import { RequestFault } from '../http/request-fault.ts';

/**
 * @param storeId  the store that wishes it, `null` for one that is still to be made
 * @returns the full host, below the base domain
 * @throws RequestFault `store.host-invalid` with the field
 */
export function readWishedHost(
  host: string,
  { baseDomain, storeId }: { readonly baseDomain: string; readonly storeId: string | null },
): string {
  const fault = findHostFault(host, { baseDomain, storeId });
  if (fault === null) return toFullHost(host, baseDomain);
  const message = hostSentence(fault, baseDomain);
  throw new RequestFault('store.host-invalid', { field: 'host', fault, lengthMax: hostLabelLengthMax, baseDomain }, [
    { field: 'host', code: 'store.host-invalid', message },
  ]);
}

function hostSentence(fault: HostFault, baseDomain: string): string {
  switch (fault) {
    case 'empty':
      return 'An address needs at least one letter or digit. Leave it out for one that is made for you.';
    case 'too-long':
      return `An address has at most ${hostLabelLengthMax} characters before .${baseDomain}.`;
    case 'characters':
      return 'An address has lower-case letters, digits and hyphens only, and begins and ends with a letter or digit.';
    case 'other-domain':
      return `An address is one word below .${baseDomain}. Other domains cannot be used yet.`;
    case 'punycode':
      return 'An address cannot begin with xn--: it would be shown in other letters than it is written.';
    case 'reserved':
      return 'This address is kept for the platform. Choose another one.';
    case 'like-an-id':
      return 'This address looks like one that is made for another store. Choose another one.';
  }
}
