/** Records for unit tests, made as in life: by folding events, a second apart. */
import { engines, type EngineId } from '../domain/engines/catalog.ts';
import type { StoreEvent } from '../domain/events.ts';
import { reduce } from '../domain/reduce.ts';
import type { StoreRecord } from '../domain/store.ts';
import type { Component, Reason, Verdict } from '../domain/verdict.ts';

/** Time of the first event; each further one comes a second later. */
export const storyStart = Date.UTC(2026, 0, 1);

export const requestOf = (engine: EngineId): StoreEvent => ({
  type: 'StoreRequested',
  identity: { id: 'abcdefgh', name: 'Harbour', owner: 'admin', engine },
  plan: 'S',
  host: 'abcdefgh.shops.test',
});
export const requested = requestOf('medusa');
export const started = (generation = 1): StoreEvent => ({ type: 'AttemptStarted', fence: 1, generation });
export const ensured = (generation = 1, namespaceUid = 'uid-1'): StoreEvent => {
  return { type: 'NamespaceEnsured', generation, namespaceUid };
};
export const applied = (generation = 1): StoreEvent => {
  return { type: 'ReleaseApplied', generation, chartVersion: '0.1.0', drift: 0 };
};
export const failedTry = (generation = 1): StoreEvent => ({
  type: 'AttemptFailed',
  generation,
  failure: { code: 'helm.timed-out', message: 'took over 5 min' },
  retryInMs: 4_000,
  startGivenBack: false,
});

type States = Partial<Record<Component['name'], Component['state']>>;

/** Evidence; parts that are not named are missing. With a `web` it is that of WooCommerce. */
export function seen(
  states: States,
  verdict: Verdict = 'progressing',
  reason: Reason = 'AwaitingWorkloads',
  generation = 1,
): StoreEvent {
  const engine = states.web === undefined ? engines.medusa : engines.woocommerce;
  const names = ['database', ...engine.workloads, 'setup', 'page'] as const;
  const components = names.map((name) => ({ name, state: states[name] ?? 'missing', detail: '' }) as const);
  return {
    type: 'HealthObserved',
    generation,
    verdict,
    reason,
    components,
    explanation: null,
    setupDone: states.setup === 'ready',
    drift: false,
    fingerprint: JSON.stringify(states),
  };
}

export const allReady = {
  database: 'ready',
  server: 'ready',
  storefront: 'ready',
  setup: 'ready',
  page: 'ready',
} as const;

/** @throws Error where an event does not apply: a story must be possible */
export function tell(...events: readonly StoreEvent[]): StoreRecord {
  let record: StoreRecord | null = null;
  for (const [index, event] of events.entries()) {
    const reduction = reduce(record, event, storyStart + index * 1_000);
    if (!reduction.accepted) throw new Error(`${event.type}: ${reduction.refusal}`);
    record = reduction.record;
  }
  if (record === null) throw new Error('a story has at least one event');
  return record;
}
