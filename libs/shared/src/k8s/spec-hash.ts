/**
 * The hash by which an edited guardrail is told from one as it was rendered. The chart writes it into an annotation
 * (`store.metadata`), the reconciler computes it over the live spec; a chart test on a real API server compares both.
 */
import { createHash } from 'node:crypto';

/**
 * @param spec  as JSON. Empty lists count as absent: the API server drops them
 * @returns sha256 in hex over the JSON with sorted keys, as Go's encoder writes it for the ASCII that specs consist of
 */
export function hashSpec(spec: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sort(spec)))
    .digest('hex');
}

function sort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sort);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => !(Array.isArray(item) && item.length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sort(item)]));
}
