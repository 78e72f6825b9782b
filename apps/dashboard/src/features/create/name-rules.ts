/** The words for what is wrong with a name; the rules themselves are those the api uses. */
import { findNameFault, nameLengthMax } from '@urumi/shared/domain/names';

/** @returns a sentence, or `null` for a good name */
export function tellNameFault(name: string): string | null {
  const fault = findNameFault(name);
  switch (fault) {
    case null:
      return null;
    case 'empty':
      return 'Give the store a name.';
    case 'too-long':
      return `A name has at most ${nameLengthMax} characters. This one has ${Array.from(name.trim()).length}.`;
    case 'control-characters':
      return 'A name has no line breaks, tabs or other control characters. Remove them.';
  }
}
