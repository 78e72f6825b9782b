/** A short digest of what an observation says. Equal digests mean that there is nothing new to record. */
import { createHash } from 'node:crypto';
import type { Assessment } from './assess.ts';

/** Logs and events are left out: they change at every try without saying anything new. */
export function fingerprintOf(assessment: Assessment, notes: readonly string[]): string {
  const { verdict, reason, components, generation, setupDone, fault } = assessment;
  return digest([verdict, reason, components, generation, setupDone, fault?.object, fault?.message, ...notes]);
}

export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
