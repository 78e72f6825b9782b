/**
 * Writes one reduced event: builds the command for the commit script and translates its answer. Used by the door, the
 * creation of a store, the lease and adoption; nothing else writes records.
 */
import type { Redis } from 'ioredis';
import { describeEvent, describeReason } from '../../domain/describe.ts';
import type { ApiEvent, StoreEvent } from '../../domain/events.ts';
import { findClaimedHosts } from '../../domain/hosts.ts';
import { toNameKey } from '../../domain/names.ts';
import { isOwed } from '../../domain/owed.ts';
import { recordSchemaNumber, type StoreRecord, type Tombstone } from '../../domain/store.ts';
import { measureFirstRun } from '../../domain/steps.ts';
import { buildTimelineEntry } from '../../domain/timeline-entry.ts';
import { isTold } from '../../domain/timeline.ts';
import { runScript } from '../redis/script.ts';
import { keys } from './keys.ts';
import { serializeChanges } from './record-codec.ts';
import { goesOnWhenFull } from './room.ts';
import { commitScript } from './scripts.ts';

const timelineMax = 200;
const activityMax = 5_000;
/** Runs that a typical length is told from. */
const stepTimesMax = 50;
const tombstoneSeconds = 30 * 24 * 3600;

export interface Commit {
  readonly event: StoreEvent;
  readonly previous: StoreRecord | null;
  readonly next: StoreRecord;
  /** Version the change was decided on; 0 where no record existed. */
  readonly version: number;
  readonly actor: string;
  readonly needsGate: boolean;
  /** The attempt that writes: refused unless it holds the lease. */
  readonly fence?: number | undefined;
  readonly takeLease?: { readonly fence: number; readonly leaseMs: number; readonly runningMax: number };
  readonly endLease?: boolean | undefined;
  readonly claim?: {
    readonly storesMax: number | null;
    readonly idempotency: { readonly key: string; readonly answer: string; readonly ttlSeconds: number } | null;
  };
}

export type CommitAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'gate-shut' | 'conflict' | 'buried' | 'lease-lost' | 'host-taken' }
  | { readonly kind: 'replayed'; readonly answer: string }
  | { readonly kind: 'busy' | 'owner-busy'; readonly retryInMs: number }
  | { readonly kind: 'name-taken'; readonly holder: string }
  | { readonly kind: 'quota'; readonly stores: number };

/** @throws DomainError `redis.unavailable`; `redis.full` for events that need room (`room.ts`): nothing is written then */
export async function commit(redis: Redis, c: Commit): Promise<CommitAnswer> {
  const { identity } = c.next;
  const { id, owner } = identity;
  const { intent } = c.next.desired;
  const gone = c.next.status.value === 'deleted';
  const command = {
    version: c.version,
    schema: recordSchemaNumber,
    needsGate: c.needsGate,
    goesOnWhenFull: goesOnWhenFull(c.event.type),
    createdAt: identity.createdAt,
    sections: serializeChanges(c.previous, c.next),
    status: c.next.status.value,
    owed: isOwed(c.next),
    fence: c.fence === undefined ? null : String(c.fence),
    takeLease: c.takeLease ? { ...c.takeLease, fence: String(c.takeLease.fence) } : null,
    endLease: c.endLease ?? false,
    timeline: serializeTimelineEntry(c),
    timelineMax,
    activity: buildActivityEntry(c),
    activityMax,
    stepTimes: serializeFirstRun(c),
    stepTimesMax,
    hosts: compareClaims(c),
    claim: c.claim
      ? {
          nameKey: toNameKey(identity.name),
          storesMax: c.claim.storesMax,
          idempotency: c.claim.idempotency
            ? { answer: c.claim.idempotency.answer, ttlSeconds: c.claim.idempotency.ttlSeconds }
            : null,
        }
      : null,
    finish: gone
      ? {
          nameKey: toNameKey(identity.name),
          tombstone: JSON.stringify(buildTombstone(c.next)),
          ttlSeconds: tombstoneSeconds,
        }
      : null,
  };
  const answer = await runScript(
    redis,
    commitScript,
    [
      keys.store(id),
      keys.timeline(id),
      keys.lease(id),
      keys.stores,
      keys.ownerStores(owner),
      keys.statuses(owner),
      keys.owed,
      keys.listVersion(owner),
      keys.activity(owner),
      keys.names(owner),
      keys.hosts,
      keys.tombstone(id),
      keys.gate,
      keys.running(owner),
      c.claim?.idempotency?.key ?? keys.gate,
      keys.stepTimes(identity.engine, c.next.desired.plan),
      keys.ownerOwed(owner, intent),
      keys.ownerOwed(owner, intent === 'present' ? 'absent' : 'present'),
    ],
    [id, JSON.stringify(command)],
  );
  return parseAnswer(answer as readonly (string | number)[]);
}

function parseAnswer(answer: readonly (string | number)[]): CommitAnswer {
  const [kind, detail] = answer;
  switch (kind) {
    case 'ok':
    case 'gate-shut':
    case 'conflict':
    case 'buried':
    case 'lease-lost':
    case 'host-taken':
      return { kind };
    case 'replayed':
      return { kind, answer: String(detail) };
    case 'busy':
    case 'owner-busy':
      return { kind, retryInMs: Math.max(0, Number(detail)) };
    case 'name-taken':
      return { kind, holder: String(detail) };
    case 'quota':
      return { kind, stores: Number(detail) };
    default:
      throw new Error(`the commit script answered ${String(kind)}`);
  }
}

function serializeTimelineEntry({ event, next, previous }: Commit): string | null {
  if (!isTold(event, previous, next)) return null;
  return JSON.stringify(buildTimelineEntry(event, { previous, next, at: timeOf(next) }));
}

function serializeFirstRun({ previous, next }: Commit): string | null {
  const run = measureFirstRun(previous, next);
  return run && JSON.stringify(run);
}

/**
 * Hosts to take and to give back with this change. Compared with the version the change was decided on, so that the record
 * and the claims cannot disagree.
 */
function compareClaims({ previous, next }: Commit): { claim: readonly string[]; free: readonly string[] } {
  const held = previous === null ? [] : findClaimedHosts(previous);
  const wanted = findClaimedHosts(next);
  return { claim: wanted.filter((host) => !held.includes(host)), free: held.filter((host) => !wanted.includes(host)) };
}

const wishes: ReadonlySet<string> = new Set<ApiEvent['type']>([
  'StoreRequested',
  'RetryRequested',
  'ChangeRequested',
  'CancelRequested',
  'DeletionRequested',
]);

const activityStatuses: ReadonlySet<string> = new Set(['ready', 'degraded', 'failed', 'deleted']);

/** The feed tells wishes (by whom) and what became of them; the rest is in the store's own timeline. */
function buildActivityEntry({ event, previous, next, actor }: Commit): string | null {
  const wished = wishes.has(event.type);
  const turned =
    previous !== null && previous.status.value !== next.status.value && activityStatuses.has(next.status.value);
  if (!wished && !turned) return null;
  const text = turned ? describeTurn(previous, next) : describeEvent(event, next);
  return JSON.stringify({
    at: timeOf(next),
    actor: wished ? actor : 'urumi',
    storeId: next.identity.id,
    storeName: next.identity.name,
    type: event.type,
    status: next.status.value,
    text,
  });
}

function describeTurn(previous: StoreRecord, next: StoreRecord): string {
  switch (next.status.value) {
    case 'ready':
      if (previous.observed.served) return 'Ready again';
      return `Ready after ${Math.round((timeOf(next) - next.desired.requestedAt) / 1000)} s`;
    case 'deleted':
      return 'Deleted, nothing is left';
    case 'degraded':
      return `Degraded: ${describeReason(next.status.reason)}`;
    case 'failed':
      return `Failed: ${describeReason(next.status.reason)}`;
    case 'queued':
    case 'provisioning':
    case 'deleting':
      return describeReason(next.status.reason);
  }
}

/** The latest time that the event itself wrote into the record. */
function timeOf(record: StoreRecord): number {
  const { attempt, desired, observed, release, status } = record;
  return Math.max(
    status.since,
    desired.requestedAt,
    attempt.startedAt,
    attempt.lastFailure?.at ?? 0,
    release.appliedAt ?? 0,
    release.namespaceEnsuredAt ?? 0,
    release.teardownAt ?? 0,
    observed.observedAt ?? 0,
  );
}

function buildTombstone(record: StoreRecord): Tombstone {
  return {
    identity: record.identity,
    plan: record.desired.plan,
    host: record.desired.host,
    generation: record.desired.generation,
    deletedAt: record.status.since,
    explanation: record.observed.explanation,
  };
}
