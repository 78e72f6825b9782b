/** Records for tests, made by the events that make them in life, then changed where a test says so. */
import { reduce } from '@urumi/shared/domain/reduce';
import { deriveStatus } from '@urumi/shared/domain/status';
import { defaultPatience } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { buildStamp, serializeStamp } from '@urumi/shared/k8s/stamp';

type Sections = Omit<StoreRecord, 'status'>;

/** @param now  Redis time of the request */
export function buildRecord(
  differs: { [Name in keyof Sections]?: Partial<Sections[Name]> } = {},
  now = 1_000_000,
  id = 'abcd1234',
): StoreRecord {
  const identity = { id, name: `Shop ${id}`, owner: 'admin', engine: 'medusa' } as const;
  const reduction = reduce(null, { type: 'StoreRequested', identity, plan: 'S', host: `${id}.localhost` }, now);
  if (!reduction.accepted) throw new Error(reduction.refusal);
  const { record } = reduction;
  const sections: Sections = {
    identity: { ...record.identity, ...differs.identity },
    desired: { ...record.desired, ...differs.desired },
    attempt: { ...record.attempt, ...differs.attempt },
    release: { ...record.release, ...differs.release },
    observed: { ...record.observed, ...differs.observed },
  };
  return { ...sections, status: deriveStatus(sections, null, now, defaultPatience) };
}

/** The stamp that an attempt with `fence` would write for this record. */
export function toStampText(record: StoreRecord, fence = 1): string {
  return serializeStamp(buildStamp(record, fence));
}
