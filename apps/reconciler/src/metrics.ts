/** The reconciler's own metrics. No store ids in labels: their number is not bounded. */
import { Counter, Gauge, type Registry } from 'prom-client';

export type Metrics = ReturnType<typeof buildMetrics>;

export function buildMetrics(registry: Registry) {
  const registers = [registry];
  return {
    looks: new Counter({
      name: 'urumi_reconciler_looks_total',
      help: 'Looks at stores',
      labelNames: ['result'],
      registers,
    }),
    events: new Counter({
      name: 'urumi_reconciler_events_total',
      help: 'Events said, by type and whether the record took them',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    passCorrections: new Counter({
      name: 'urumi_reconciler_pass_corrections_total',
      help: 'Changes that only a full pass found; should stay flat',
      registers,
    }),
    cacheCorrections: new Counter({
      name: 'urumi_reconciler_cache_corrections_total',
      help: 'Objects that a new list found to differ from the cache; should stay flat',
      labelNames: ['resource'],
      registers,
    }),
    watchFailures: new Counter({
      name: 'urumi_reconciler_watch_failures_total',
      help: 'Losses of contact, by kind',
      labelNames: ['resource'],
      registers,
    }),
    secondsSinceContact: new Gauge({
      name: 'urumi_reconciler_seconds_since_contact',
      help: 'Age of the last sign of life of each watch',
      labelNames: ['resource'],
      registers,
    }),
    stores: new Gauge({ name: 'urumi_reconciler_stores', help: 'Stores that are looked at', registers }),
    routeAtFault: new Gauge({
      name: 'urumi_reconciler_route_at_fault',
      help: '1 while most shops fail alike, so that the way to them is at fault',
      registers,
    }),
    createsPaused: new Gauge({
      name: 'urumi_reconciler_creates_paused',
      help: '1 while new stores of an engine wait because several fail alike; only the leader tells',
      labelNames: ['engine'],
      registers,
    }),
    rings: new Counter({ name: 'urumi_reconciler_rings_total', help: 'Rings by the owed sweep', registers }),
    adoptions: new Counter({
      name: 'urumi_reconciler_adoptions_total',
      help: 'Stamps compared with records, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    driftsFound: new Counter({
      name: 'urumi_reconciler_drifts_total',
      help: 'Guardrails found edited or gone, for which a repair was asked',
      registers,
    }),
    leftoverVolumes: new Gauge({
      name: 'urumi_reconciler_leftover_volumes',
      help: 'Volumes left of stores that are gone (reclaim policy Retain, or a provisioner that did not remove them)',
      registers,
    }),
    orphans: new Gauge({
      name: 'urumi_reconciler_orphans',
      help: 'What nobody owns: namespaces, records, jobs and claims of names or hosts without their other half',
      labelNames: ['kind'],
      registers,
    }),
  };
}
