/** Makes store ids. Apart from `names.ts` so that the browser does not carry the generator. */
import { customAlphabet } from 'nanoid';

const firstLetter = customAlphabet('abcdefghijkmnpqrstuvwxyz', 1);
const rest = customAlphabet('abcdefghijkmnpqrstuvwxyz23456789', 7);

/** A new store id. 39 bits: the repository refuses the rare clash and the caller takes another. */
export function generateStoreId(): string {
  return firstLetter() + rest();
}
