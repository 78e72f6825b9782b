/** The words for what is wrong with an address; the rules themselves are those the api uses. */
import { findHostFault, hostLabelLengthMax, toFullHost } from '@urumi/shared/domain/names';

export interface HostContext {
  readonly baseDomain: string;
  readonly storeId: string;
}

/** @returns a sentence, or `null` for a good address */
export function tellHostFault(host: string, context: HostContext): string | null {
  const { baseDomain } = context;
  const fault = findHostFault(host, context);
  switch (fault) {
    case null:
      return null;
    case 'empty':
      return 'An address needs at least one letter or digit.';
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

/** `harbour.localhost` is shown as `harbour`: the rest is the same for every store. */
export function toShortHost(host: string, baseDomain: string): string {
  return host.endsWith(`.${baseDomain}`) ? host.slice(0, -baseDomain.length - 1) : host;
}

/** What typed text stands for, or `null` while it has a fault. */
export function readHost(typed: string, context: HostContext): string | null {
  return findHostFault(typed, context) === null ? toFullHost(typed, context.baseDomain) : null;
}
