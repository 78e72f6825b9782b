/**
 * When new stores wait because many fail alike (F34): one image or volume that nobody gets fails every create of an engine,
 * and each further one only adds pods that pull for nothing. Pure; the reconciler decides by it, workers ask before they begin.
 * It counts by engine: what one engine lacks says nothing about another. Deletions, changes and what has begun never wait.
 */
import { z } from 'zod';
import { engineSchema, type EngineId } from './engines/catalog.ts';
import type { StoreRecord } from './store.ts';

/** Causes that lie with the platform, not with a store, its size or its data. */
const platformCauses = ['ImagePullFailing', 'VolumePending'] as const;
type PlatformCause = (typeof platformCauses)[number];

const milliseconds = z.int().min(0);
export const createsPauseSchema = z.object({
  engine: engineSchema,
  cause: z.enum(platformCauses),
  /** Redis time in milliseconds. */
  since: milliseconds,
  /** Stores that failed alike when it began. */
  stores: z.int().min(1),
  /** One waiting create may try in every such time. */
  probeEveryMs: z.int().min(1),
});
export type CreatesPause = z.infer<typeof createsPauseSchema>;

export interface PauseSettings {
  /** With fewer stores, failing alike may be chance. */
  readonly storesMin: number;
  /** How long a fault counts from the moment its store's status named it, in milliseconds. */
  readonly windowMs: number;
  readonly probeEveryMs: number;
}

export const pauseStoresMin = 3;

export type PauseDecision =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'begin' | 'hold'; readonly pause: CreatesPause }
  /** `succeeded`: a create came through since it began; `gone`: no store shows the cause any more. */
  | { readonly kind: 'lift'; readonly why: 'succeeded' | 'gone' };

/**
 * @param records  stores of any engine
 * @param pause  the one in force for this engine
 * @param now  Redis time in milliseconds
 */
export function decidePause(
  records: readonly StoreRecord[],
  pause: CreatesPause | null,
  { engine, now, settings }: { readonly engine: EngineId; readonly now: number; readonly settings: PauseSettings },
): PauseDecision {
  const own = records.filter(({ identity }) => identity.engine === engine);
  const succeededAt = Math.max(0, ...own.map(({ observed }) => observed.servedAt ?? 0));
  const findFaulty = (cause: PlatformCause): StoreRecord[] =>
    own.filter((record) => failsBy(record, cause) && now - record.status.since < settings.windowMs);

  if (pause !== null) {
    if (succeededAt >= pause.since) return { kind: 'lift', why: 'succeeded' };
    return findFaulty(pause.cause).length === 0 ? { kind: 'lift', why: 'gone' } : { kind: 'hold', pause };
  }
  for (const cause of platformCauses) {
    // A create that came through meanwhile shows that it can be done.
    const stores = findFaulty(cause).filter(({ status }) => status.since > succeededAt).length;
    if (stores < settings.storesMin) continue;
    return { kind: 'begin', pause: { engine, cause, since: now, stores, probeEveryMs: settings.probeEveryMs } };
  }
  return { kind: 'go-on' };
}

/** True for a wish to have a store of which nothing is in the cluster yet: what a pause holds back. */
export function isNewCreate({ desired, release }: StoreRecord): boolean {
  return desired.intent === 'present' && !desired.halted && release.namespaceUid === null;
}

/** True for a store that never served and is not made, or was not, for that cause. */
function failsBy({ desired, observed, status }: StoreRecord, cause: PlatformCause): boolean {
  if (desired.intent === 'absent' || observed.served) return false;
  return status.reason === cause && (status.value === 'provisioning' || status.value === 'failed');
}
