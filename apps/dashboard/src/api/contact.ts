/**
 * What this page knows about its contact with the api: since when calls fail and why, when the next one goes out, how the
 * server's clock differs from ours, and when the reconciler last looked at everything. Written by `transport.ts` alone.
 */
import { createExternalValue } from '../lib/external-value.ts';
import { backoffMs } from './cadence.ts';

/** `silent`: no answer; `unavailable`: the api answers that it cannot; `rebuilding`: it reads the cluster again. */
export type TroubleKind = 'silent' | 'unavailable' | 'rebuilding';

export interface Trouble {
  readonly kind: TroubleKind;
  /** Server time of the first failed call. */
  readonly since: number;
  readonly failures: number;
  /** Server time of the next call by itself. */
  readonly nextTryAt: number;
}

export interface Contact {
  readonly trouble: Trouble | null;
  /** Server time minus the browser's. */
  readonly clockOffsetMs: number;
  /** Server time of the reconciler's last full pass; `null` before the first. */
  readonly lastPassAt: number | null;
  /** Server time of the newest answer: the age of this copy. */
  readonly loadedAt: number | null;
}

export const contact = createExternalValue<Contact>({
  trouble: null,
  clockOffsetMs: 0,
  lastPassAt: null,
  loadedAt: null,
});

/** The server's time now, as well as this page knows it. */
export function readServerNow(): number {
  return Date.now() + contact.read().clockOffsetMs;
}

/** Any useful answer ends the trouble. An offset is taken over only when it moved by more than the header's precision. */
export function noteAnswer(facts: {
  readonly dateHeader: string | null;
  readonly lastPassHeader: string | null;
}): void {
  const current = contact.read();
  const serverNow = facts.dateHeader === null ? Number.NaN : Date.parse(facts.dateHeader);
  const offset = Number.isNaN(serverNow) ? current.clockOffsetMs : serverNow - Date.now();
  const clockOffsetMs = Math.abs(offset - current.clockOffsetMs) > 1_500 ? offset : current.clockOffsetMs;
  const passed = facts.lastPassHeader === null ? Number.NaN : Date.parse(facts.lastPassHeader);
  contact.write({
    trouble: null,
    clockOffsetMs,
    lastPassAt: Number.isNaN(passed) ? current.lastPassAt : passed,
    loadedAt: Date.now() + clockOffsetMs,
  });
}

/** One more call failed. Calls that fail together count once. */
export function noteTrouble(kind: TroubleKind, retryAfterMs: number | null): void {
  const current = contact.read();
  const now = readServerNow();
  const earlier = current.trouble;
  if (earlier !== null && now < earlier.nextTryAt) {
    if (earlier.kind !== kind) contact.write({ ...current, trouble: { ...earlier, kind } });
    return;
  }
  const failures = (earlier?.failures ?? 0) + 1;
  const nextTryAt = now + (retryAfterMs ?? backoffMs(failures));
  contact.write({ ...current, trouble: { kind, since: earlier?.since ?? now, failures, nextTryAt } });
}
