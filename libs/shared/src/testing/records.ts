/** Records for tests, made the way the platform makes them: by folding events. */
import type { StoreEvent } from '../domain/events.ts';
import { reduce } from '../domain/reduce.ts';
import type { StoreRecord } from '../domain/store.ts';
import { assertInvariant } from '../domain/errors.ts';
import type { Component } from '../domain/verdict.ts';

export const testIdentity = {
  id: 'k7m2q0l1',
  name: 'Harbour Coffee',
  owner: 'admin',
  engine: 'medusa',
} as const;

export const testHost = 'k7m2q0l1.localhost';

export const requested: StoreEvent = { type: 'StoreRequested', identity: testIdentity, plan: 'S', host: testHost };

export const readyComponents: readonly Component[] = (
  ['database', 'server', 'storefront', 'setup', 'page'] as const
).map((name) => ({ name, state: 'ready', detail: '' }));

/** Evidence of a store that serves, for `generation`. */
export function healthy(generation: number, fingerprint = `healthy-${generation}`): StoreEvent {
  return {
    type: 'HealthObserved',
    generation,
    verdict: 'healthy',
    reason: 'Healthy',
    components: readyComponents,
    explanation: null,
    setupDone: true,
    drift: false,
    fingerprint,
  };
}

/** The events of a store from wish to ready, generation 1. */
export const storyToReady: readonly StoreEvent[] = [
  requested,
  { type: 'AttemptStarted', fence: 1, generation: 1 },
  { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'uid-1' },
  { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 },
  { type: 'AttemptEnded' },
  healthy(1),
];

/** Folds events one second apart, starting at `startMs`; every event must be accepted. */
export function tell(events: readonly StoreEvent[], startMs = 1_000, from: StoreRecord | null = null): StoreRecord {
  let record = from;
  let now = startMs;
  for (const event of events) {
    const reduction = reduce(record, event, now);
    assertInvariant(reduction.accepted, `${event.type} was refused`);
    record = reduction.record;
    now += 1_000;
  }
  assertInvariant(record, 'a story needs an event');
  return record;
}
