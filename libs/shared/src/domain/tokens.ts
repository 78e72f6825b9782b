/**
 * The tokens file: one line per token with its SHA-256 in hex, its owner and a name for people. It holds no token, so who
 * reads it cannot sign in with it. Pure; both the api and the script that adds a line use it.
 */
import { isTenantOwner } from './owners.ts';

export interface TokenHolder {
  readonly owner: string;
  readonly name: string;
}

export interface TokenList {
  /** By digest, 64 lower-case hex digits. */
  readonly holders: ReadonlyMap<string, TokenHolder>;
  /** Numbers of lines that say nothing usable, from 1. Their text is not told: it might be a token. */
  readonly badLines: readonly number[];
}

const digestPattern = /^[0-9a-f]{64}$/;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,62}$/u;

/** True for what may stand in the third column: letters and digits of any script, and `. _ @ -`. */
export function isTokenName(value: string): boolean {
  return namePattern.test(value);
}

/** Blank lines and lines that begin with `#` are left out. A digest that comes twice counts the first time. */
export function parseTokens(text: string): TokenList {
  const holders = new Map<string, TokenHolder>();
  const badLines: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [digest = '', owner = '', name = '', ...rest] = trimmed.split(/\s+/);
    const isGood =
      digestPattern.test(digest) &&
      isTenantOwner(owner) &&
      isTokenName(name) &&
      rest.length === 0 &&
      !holders.has(digest);
    if (isGood) holders.set(digest, { owner, name });
    else badLines.push(index + 1);
  }
  return { holders, badLines };
}

export function toTokenLine(digest: string, { owner, name }: TokenHolder): string {
  return `${digest} ${owner} ${name}\n`;
}
