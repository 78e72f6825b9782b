/** Tokens are compared by their SHA-256 in constant time, so neither memory nor timing gives one away. */
import { createHash, timingSafeEqual } from 'node:crypto';

export type TokenDigest = Buffer & { readonly brand?: 'TokenDigest' };

export function digestToken(token: string): TokenDigest {
  return createHash('sha256').update(token, 'utf8').digest();
}

export function isDigest(candidate: TokenDigest, expected: TokenDigest): boolean {
  return timingSafeEqual(candidate, expected);
}
