/**
 * Makes one line of foreign text fit to be shown and stored: bounded, without control characters, and without anything
 * that looks like a password or key. Programs quote what they were given, so their errors are never shown as they are.
 */
const lengthMax = 300;

/** Long runs of key characters. Words such as `PersistentVolumeClaim` and object names with hyphens are left alone. */
const keyLike = /[A-Za-z0-9+=]{20,}/g;
const wordLike = /^(?:[a-z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*)$/;

export function toShownLine(text: string): string {
  const oneLine = text
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const redacted = oneLine.replace(keyLike, (run) => (wordLike.test(run) ? run : '[hidden]'));
  return redacted.length <= lengthMax ? redacted : `${redacted.slice(0, lengthMax - 1)}…`;
}
