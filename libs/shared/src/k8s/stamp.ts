/**
 * The stamp: the wish on the namespace, as JSON in an annotation. It lets an empty Redis rebuild its records. Parsed by
 * the record's own schemas, so a stamp can never hold what a record may not.
 */
import { z } from 'zod';
import { desiredSchema, identitySchema, type StoreRecord } from '../domain/store.ts';
import { upgradeWish } from '../domain/upgrade.ts';

/** Raised with every change of a stamp's shape; evidence, which changes more often, is not in it. */
export const stampSchemaNumber = 2;

export const stampSchema = z.object({
  v: z.literal(stampSchemaNumber),
  identity: identitySchema,
  desired: desiredSchema,
  fence: z.int().min(0),
});
export type Stamp = z.infer<typeof stampSchema>;

/** The stamp for a record as an attempt with `fence` writes it. */
export function buildStamp(record: StoreRecord, fence: number): Stamp {
  return { v: stampSchemaNumber, identity: record.identity, desired: record.desired, fence };
}

export function serializeStamp(stamp: Stamp): string {
  return JSON.stringify(stamp);
}

/** The stamp in an annotation, or `null` where there is none or it is not one of ours. */
export function parseStamp(text: string | undefined): Stamp | null {
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = stampSchema.safeParse(upgradeStamp(value));
  return parsed.success ? parsed.data : null;
}

/** A stamp of number 1 had the host in its identity. */
function upgradeStamp(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('v' in value) || value.v !== 1) return value;
  return { ...upgradeWish({ ...value }), v: stampSchemaNumber };
}

/** True where `held` says more than `mine`: a stamp must never be lowered. */
export function isNewerStamp(held: Pick<Stamp, 'desired' | 'fence'>, mine: Pick<Stamp, 'desired' | 'fence'>): boolean {
  return held.desired.generation > mine.desired.generation || held.fence > mine.fence;
}
