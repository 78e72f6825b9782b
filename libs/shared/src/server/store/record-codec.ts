/** A record as a Redis hash and back. The only place that parses stored sections. */
import { DomainError } from '../../domain/errors.ts';
import { upgradeSections } from '../../domain/upgrade.ts';
import { recordSchema, recordSchemaNumber, sectionNames, type StoreRecord } from '../../domain/store.ts';

/**
 * Records as read whose stored shape is older: their next change writes every section, for it raises the schema number of all.
 */
const upgraded = new WeakSet<StoreRecord>();

/** Flat HGETALL answer to a map. */
export function toFields(flat: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) fields.set(String(flat[index]), String(flat[index + 1]));
  return fields;
}

/**
 * @returns record and version, or `null` where there is none
 * @throws DomainError `record.schema-newer` where a newer release of the platform wrote it, `invariant.broken` where it
 *   does not parse
 */
export function parseRecord(fields: ReadonlyMap<string, string>): { record: StoreRecord; version: number } | null {
  const version = Number(fields.get('version') ?? 0);
  if (version === 0) return null;
  const schema = Number(fields.get('schema'));
  if (schema > recordSchemaNumber) throw new DomainError('record.schema-newer', { schema });
  const sections = Object.fromEntries(sectionNames.map((name) => [name, JSON.parse(fields.get(name) ?? 'null')]));
  const parsed = recordSchema.safeParse(schema < recordSchemaNumber ? upgradeSections(sections) : sections);
  if (!parsed.success) {
    throw new DomainError('invariant.broken', {}, { message: 'a stored record does not parse', cause: parsed.error });
  }
  if (schema < recordSchemaNumber) upgraded.add(parsed.data);
  return { record: parsed.data, version };
}

/** The sections of `next` that differ from what is stored of `previous`, as JSON per hash field. */
export function serializeChanges(previous: StoreRecord | null, next: StoreRecord): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const name of sectionNames) {
    const json = JSON.stringify(next[name]);
    if (previous === null || upgraded.has(previous) || JSON.stringify(previous[name]) !== json) changes[name] = json;
  }
  return changes;
}
