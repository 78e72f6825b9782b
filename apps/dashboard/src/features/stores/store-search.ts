/** The filters of the store list as they stand in the address. Unknown values are dropped, not kept as broken filters. */
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import type { StatusValue } from '@urumi/shared/domain/store';
import type { StoreFilter } from '../../api/queries.ts';
import { engineTitles } from '../../lib/engine-titles.ts';

export const filterStatuses = [
  'queued',
  'provisioning',
  'ready',
  'degraded',
  'failed',
  'deleting',
] as const satisfies readonly StatusValue[];

/** The statuses a person should look at. */
export const attentionStatuses = ['degraded', 'failed'] as const satisfies readonly StatusValue[];

export interface StoreSearch {
  readonly q?: string | undefined;
  /** Comma list, as the api takes it: `failed,degraded`. */
  readonly status?: string | undefined;
  readonly engine?: EngineId | undefined;
}

const queryLengthMax = 100;

export function parseStoreSearch(search: Record<string, unknown>): StoreSearch {
  const q = toText(search['q']).slice(0, queryLengthMax);
  const statuses = splitStatuses(toText(search['status']));
  const engine = toText(search['engine']);
  // A key that is left out would let the raw one through.
  return {
    q: q === '' ? undefined : q,
    status: statuses.length === 0 ? undefined : statuses.join(','),
    engine: isEngineId(engine) ? engine : undefined,
  };
}

/** What to ask the api for. */
export function toFilter(search: StoreSearch): StoreFilter {
  const q = search.q?.trim() ?? '';
  const status = splitStatuses(search.status ?? '');
  return {
    q: q === '' ? undefined : q,
    status: status.length === 0 ? undefined : status,
    engine: search.engine,
  };
}

export function isFiltered(search: StoreSearch): boolean {
  return search.q !== undefined || search.status !== undefined || search.engine !== undefined;
}

function splitStatuses(text: string): StatusValue[] {
  return filterStatuses.filter((status) => text.split(',').includes(status));
}

/** The router turns `?q=12` into a number; people meant text. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function isEngineId(value: string): value is EngineId {
  return Object.hasOwn(engineTitles, value);
}
