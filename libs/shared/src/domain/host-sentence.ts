/** What is wrong with a wished address, said to people. The one text of api and form. */
import { hostLabelLengthMax, type HostFault } from './names.ts';

export function describeHostFault(fault: HostFault, baseDomain: string): string {
  switch (fault) {
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
