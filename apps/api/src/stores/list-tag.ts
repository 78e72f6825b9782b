/** The ETag of a page of stores. It changes with any store, the query or the way stores are shown, and with nothing else. */
import { createHash } from 'node:crypto';

/** @param parts  everything the page depends on */
export function buildListTag(parts: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27);
  return `"${digest}"`;
}

/** True where `If-None-Match` names this tag, strong or weak, alone or in a list. */
export function isKnownTag(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === tag);
}
