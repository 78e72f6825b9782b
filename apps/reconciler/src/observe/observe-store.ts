/**
 * The one look at a store, whoever asks for it: watch, wish, timer or pass. Reads the record and the facts, judges, and
 * says an event where there is something new. Changes nothing but evidence; says nothing without contact to the cluster.
 */
import { engines } from '@urumi/shared/domain/engines/catalog';
import { findServedHost } from '@urumi/shared/domain/hosts';
import type { ReconcilerEvent } from '@urumi/shared/domain/events';
import type { Patience } from '@urumi/shared/domain/reduce';
import { deriveStatus, findStatusExpiry } from '@urumi/shared/domain/status';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { dataClaims } from '@urumi/shared/k8s/names';
import type { Door } from '@urumi/shared/server/store/door';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { Metrics } from '../metrics.ts';
import type { PageChecks } from '../probe/page-checks.ts';
import type { PublicChecks } from '../probe/public-check.ts';
import { findTimeLeft, type DeadlineSettings } from '../sweep/deadlines.ts';
import type { ClusterView, StoreFacts } from '../watch/cluster-view.ts';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { Cause, NextLook } from '../watch/dirty-stores.ts';
import { claims } from '../watch/kinds.ts';
import { assess, type Assessment } from './assess.ts';
import { comesFilled, findSetupJob } from './assess/setup.ts';
import { buildLateFault, keepsFailure } from './failed.ts';
import type { DriftFindings, DriftWatch } from './drift-watch.ts';
import { sharpen } from './cause.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readExplanation } from './read-evidence.ts';
import { buildSnapshot, type PageEvidence, type Snapshot } from './snapshot.ts';
import type { Speech, Speeches } from './speech.ts';
import type { TeardownObserver } from './observe-teardown.ts';
import type { Witness } from './witness.ts';

interface ObserveSettings extends DeadlineSettings {
  readonly patience: Patience;
  readonly probeUnsettledMs: number;
  readonly probeReadyMs: number;
  readonly pageGraceMs: number;
  readonly volumeGraceMs: number;
}

export interface StoreObserverOptions {
  readonly repository: StoreRepository;
  readonly door: Door<ReconcilerEvent>;
  readonly view: ClusterView;
  readonly reads: DirectReads;
  readonly pages: PageChecks;
  readonly witness: Witness;
  readonly speeches: Speeches;
  readonly teardown: TeardownObserver;
  readonly drift: DriftWatch;
  readonly publicChecks: Pick<PublicChecks, 'note' | 'forget'>;
  /** Called when a worker shall apply again. */
  readonly onDrift: (record: StoreRecord) => Promise<void>;
  readonly settings: ObserveSettings;
  readonly metrics: Metrics;
}

/** What one look found. */
interface Seen {
  readonly assessment: Assessment;
  readonly speech: Speech;
  readonly causes: ReadonlySet<Cause>;
  readonly findings: DriftFindings;
}

/** Pauses between looks that nothing else asks for, in milliseconds. Watches and wishes usually come first. */
const noContactMs = 1_000;
const nothingThereMs = 5_000;
const unsettledMs = 2_000;
const failedMs = 10_000;
/** Pods may be missing for a moment after every change; events are read only after that. */
const podsMissingMs = 2_000;
/** A page that was just asked for the first time is seldom far: it is asked often, for a little while. */
const pageEager = { forMs: 3_000, everyMs: 100 } as const;

export class StoreObserver {
  readonly #o: StoreObserverOptions;

  constructor(options: StoreObserverOptions) {
    this.#o = options;
  }

  /**
   * @returns when to look again; `null` once the store is gone
   * @throws DomainError `redis.unavailable`, `records.rebuilding`, `records.contended`, and `cluster.*` of direct reads
   *
   * Safe to repeat and to run in several processes: every write compares first.
   */
  async look(storeId: string, causes: ReadonlySet<Cause>): Promise<NextLook> {
    const { repository, view, metrics, witness, teardown } = this.#o;
    const read = await repository.read(storeId);
    if (read === null) {
      witness.forget(storeId);
      this.#forget(storeId);
      return null;
    }
    if (!view.isSynced || !view.isFollowing) {
      metrics.looks.inc({ result: 'no-contact' });
      return noContactMs;
    }
    const { record, now } = read;
    const facts = view.read(storeId);
    witness.look(storeId, record.desired.generation, facts);
    if (record.desired.intent === 'absent') {
      this.#forget(storeId);
      metrics.looks.inc({ result: 'teardown' });
      return teardown.look(record, now);
    }
    if (await this.#findsNamespaceLost(record, facts)) {
      metrics.looks.inc({ result: 'lost' });
      return failedMs;
    }
    // Nothing was ever put there: the record alone says where this store stands.
    if (record.release.generationApplied === 0 && facts.workloads.length === 0) {
      metrics.looks.inc({ result: 'nothing-there' });
      return nothingThereMs;
    }
    return this.#judge(record, now, facts, causes);
  }

  #forget(storeId: string): void {
    const { pages, speeches, drift, publicChecks } = this.#o;
    for (const each of [pages, speeches, drift, publicChecks]) each.forget(storeId);
  }

  async #judge(record: StoreRecord, now: number, facts: StoreFacts, causes: ReadonlySet<Cause>): Promise<NextLook> {
    const { metrics, witness, settings, speeches } = this.#o;
    const { id } = record.identity;
    let snapshot = buildSnapshot(record, facts, {
      refusedPods: await this.#readRefusals(id),
      crashLoops: witness.crashLoops(id),
      lateClaims: witness.lateClaims(id, settings.volumeGraceMs),
      lostClaims: await this.#findLostClaims(record, facts),
    });
    let assessment = assess(snapshot);
    if (assessment.isPageDue) {
      snapshot = { ...snapshot, page: await this.#askPage(record) };
      assessment = assess(snapshot);
    } else {
      this.#o.pages.invalidate(id);
    }
    if (assessment.isHeld) {
      metrics.looks.inc({ result: 'held' });
      return unsettledMs;
    }
    if (assessment.verdict === 'healthy' && (await this.#findsUnseenSetup(record, snapshot)))
      return settings.probeUnsettledMs;

    const speech = await speeches.hear(id, assessment.speaker, assessment.fault !== null);
    assessment = sharpen(assessment, speech.cause);
    if (keepsFailure(record, assessment)) {
      metrics.looks.inc({ result: 'held' });
      return failedMs;
    }
    const findings = await this.#findFindings(record, facts, assessment);
    const known = await this.#record(record, now, { assessment, speech, causes, findings });
    const left = findTimeLeft(known, now, witness.watchedMs(id), settings);
    if (left === 0) {
      const { desired } = known;
      await this.#explainLate(known, now, { assessment, speech, causes, findings });
      const passed = await this.#say(id, { type: 'DeadlinePassed', generation: desired.generation });
      return this.#findNextLook(passed ?? known, assessment, now, null);
    }
    return this.#findNextLook(known, assessment, now, left);
  }

  /** Records what is new. @returns the record as it is then */
  async #record(
    record: StoreRecord,
    now: number,
    { assessment, speech, causes, findings }: Seen,
  ): Promise<StoreRecord> {
    const { metrics, reads, settings } = this.#o;
    const { id } = record.identity;
    const fingerprint = fingerprintOf(assessment, findings.notes);
    const derived = deriveStatus(record, record.status, now, settings.patience);
    const isKnown = record.observed.fingerprint === fingerprint;
    // Time alone can change a status: then what is known is said again.
    const isSame = derived.value === record.status.value && derived.reason === record.status.reason;
    if (isKnown && isSame && !findings.asksRepair) {
      metrics.looks.inc({ result: 'known' });
      return record;
    }
    const { verdict, reason, components, generation, setupDone, fault } = assessment;
    const explanation = isKnown
      ? record.observed.explanation
      : fault && (await readExplanation(reads, id, fault, speech));
    const told = await this.#say(id, {
      type: 'HealthObserved',
      generation,
      verdict,
      reason,
      components,
      explanation,
      setupDone,
      notes: findings.notes,
      drift: findings.asksRepair,
      fingerprint,
    });
    if (told && findings.asksRepair) {
      metrics.driftsFound.inc();
      await this.#o.onDrift(told);
    }
    metrics.looks.inc({ result: told ? 'told' : 'refused' });
    if (told && causes.size === 1 && causes.has('pass')) metrics.passCorrections.inc();
    return told ?? record;
  }

  /** Drift, and what an outsider's look at the host found. Where nothing new can be said, what was said stays. */
  async #findFindings(record: StoreRecord, facts: StoreFacts, assessment: Assessment): Promise<DriftFindings> {
    const { drift, publicChecks } = this.#o;
    // A store whose data is gone is not applied again: that would put empty volumes in their place.
    if (assessment.verdict === 'fatal') return { asksRepair: false, notes: [] };
    const found = await drift.look(record, facts);
    if (found === null) return { asksRepair: false, notes: record.observed.notes };
    const outside =
      assessment.verdict === 'healthy' ? publicChecks.note(record.identity.id, findServedHost(record)) : null;
    return outside === null ? found : { ...found, notes: [...found.notes, outside] };
  }

  /** A deadline without a named fault is explained by what is still not ready, while its objects are there to ask. */
  async #explainLate(record: StoreRecord, now: number, seen: Seen): Promise<void> {
    if (seen.assessment.fault !== null) return;
    const fault = buildLateFault(seen.assessment);
    if (fault !== null) await this.#record(record, now, { ...seen, assessment: { ...seen.assessment, fault } });
  }

  /** Claims of data that are gone although the shop was filled; absence is never taken from a cache. */
  async #findLostClaims(record: StoreRecord, facts: StoreFacts): Promise<ReadonlySet<string>> {
    const { release, observed, desired, identity } = record;
    const isFilled = observed.setupDone && release.generationApplied === desired.generation;
    const missing = isFilled ? dataClaims.filter((name) => !facts.claims.some((claim) => claim.name === name)) : [];
    if (missing.length === 0) return new Set();
    const there = new Set((await this.#o.reads.listIn(claims, identity.id)).map(({ name }) => name));
    return new Set(missing.filter((name) => !there.has(name)));
  }

  /** @returns the new record, or `null` where the event came too late to count */
  async #say(storeId: string, event: ReconcilerEvent): Promise<StoreRecord | null> {
    const result = await this.#o.door.apply(storeId, event);
    this.#o.metrics.events.inc({ type: event.type, outcome: result.outcome });
    return result.outcome === 'applied' ? result.record : null;
  }

  async #askPage(record: StoreRecord): Promise<PageEvidence> {
    const { pages, witness, settings } = this.#o;
    const { id, engine } = record.identity;
    const host = findServedHost(record);
    const isReady = record.status.value === 'ready' && record.observed.verdict === 'healthy';
    const { outcome, blamesRoute } = await pages.check(
      { storeId: id, host, engine: engines[engine] },
      { passCountsMs: isReady ? settings.probeReadyMs : 0, isExpected: record.observed.served },
    );
    if (blamesRoute) return { kind: 'route-at-fault' };
    witness.notePage(id, outcome.passed);
    if (outcome.passed) return { kind: 'passed' };
    const isLasting = witness.pageFailingMs(id) >= settings.pageGraceMs;
    return { kind: 'failed', failure: outcome.failure, isLasting };
  }

  /**
   * A namespace that was ours and is not there is told once per wish, after a direct read. A wish that allows a new one is
   * left alone until the worker has made it.
   */
  async #findsNamespaceLost(record: StoreRecord, facts: StoreFacts): Promise<boolean> {
    const { desired, release, observed, identity } = record;
    if (release.namespaceUid === null) return false;
    if (observed.lostGeneration === desired.generation) return true;
    if (facts.namespace?.uid === release.namespaceUid) return false;
    if (desired.recreateAllowed && (release.namespaceEnsuredAt ?? 0) < desired.requestedAt) return false;
    const found = await this.#o.reads.readNamespace(identity.id);
    if (found?.uid === release.namespaceUid) return false;
    const generation = Math.max(desired.generation, release.generationApplied);
    await this.#say(identity.id, { type: 'NamespaceLost', generation, fingerprint: `lost:${desired.generation}` });
    return true;
  }

  /** Health rests on setup being done; that no newer setup runs is not taken from a cache. */
  async #findsUnseenSetup(record: StoreRecord, snapshot: Snapshot): Promise<boolean> {
    const { witness, reads } = this.#o;
    const { id } = record.identity;
    const generation = record.release.generationApplied;
    // The release itself says that it has none.
    if (comesFilled(snapshot)) return false;
    if (findSetupJob(snapshot) !== null || witness.hasSeenJobsAbsent(id, generation)) return false;
    const jobs = await reads.listJobs(id);
    if (findSetupJob({ facts: { ...snapshot.facts, jobs }, generationApplied: generation }) !== null) return true;
    witness.noteJobsAbsent(id, generation);
    return false;
  }

  async #readRefusals(storeId: string): Promise<Snapshot['refusedPods']> {
    if (this.#o.witness.podsMissingMs(storeId) < podsMissingMs) return [];
    const warnings = await this.#o.reads.listWarnings(storeId);
    return warnings.filter(({ reason }) => reason === 'FailedCreate');
  }

  #findNextLook(record: StoreRecord, assessment: Assessment, now: number, deadlineInMs: number | null): number {
    const { settings } = this.#o;
    const expiry = findStatusExpiry(record, settings.patience);
    const expiryInMs = expiry === null || expiry <= now ? Infinity : expiry - now;
    return Math.max(10, Math.min(this.#findPause(record, assessment), expiryInMs, deadlineInMs ?? Infinity));
  }

  #findPause({ identity, status, desired }: StoreRecord, { verdict, isPageDue }: Assessment): number {
    const { probeReadyMs, probeUnsettledMs } = this.#o.settings;
    if (verdict === 'healthy') return status.settled ? probeReadyMs : unsettledMs;
    if (status.value === 'failed' || desired.halted) return failedMs;
    if (isPageDue && (status.value === 'provisioning' || status.value === 'ready')) {
      const isFresh = this.#o.witness.pageFailingMs(identity.id) < pageEager.forMs;
      return isFresh ? Math.min(pageEager.everyMs, probeUnsettledMs) : probeUnsettledMs;
    }
    return unsettledMs;
  }
}
