/**
 * One `Idempotency-Key` per content: a double click, a retry after silence or a reload of the page cannot make a second
 * store, and another name is another wish. Kept for this tab until the store is made.
 */
const storageKey = 'urumi-create-key';

export interface CreateContent {
  readonly name: string;
  readonly engine: string;
  readonly plan: string;
  readonly host?: string;
}

/** The key for this content; the same until {@link forgetIdempotencyKey}. */
export function keyFor(content: CreateContent): string {
  const fingerprint = JSON.stringify([content.name, content.engine, content.plan, content.host]);
  const kept = readKept();
  if (kept !== null && kept.fingerprint === fingerprint) return kept.key;
  const key = makeKey();
  window.sessionStorage.setItem(storageKey, JSON.stringify({ fingerprint, key }));
  return key;
}

/** After the answer: asking for the same again is then a new wish. */
export function forgetIdempotencyKey(): void {
  window.sessionStorage.removeItem(storageKey);
}

/** 128 random bits. `crypto.randomUUID` exists only in secure contexts; a console on plain http needs keys too. */
function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readKept(): { readonly fingerprint: string; readonly key: string } | null {
  const text = window.sessionStorage.getItem(storageKey);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('fingerprint' in value) || !('key' in value)) return null;
    return typeof value.fingerprint === 'string' && typeof value.key === 'string'
      ? { fingerprint: value.fingerprint, key: value.key }
      : null;
  } catch {
    // Not ours or cut off: a new key is made.
    return null;
  }
}
