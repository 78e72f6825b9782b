/** The look at a store that shall go: whether its namespace is gone, by a direct read, or what keeps it. */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { ReconcilerEvent } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { toNamespaceName } from '@urumi/shared/k8s/names';
import type { Door } from '@urumi/shared/server/store/door';
import type { Metrics } from '../metrics.ts';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { NextLook } from '../watch/dirty-stores.ts';
import type { NamespaceFacts } from '../watch/facts.ts';
import type { VolumeFacts } from '../watch/guard-facts.ts';
import { digest } from './fingerprint.ts';
import { assessTeardown, findRemaining, type Held } from './teardown.ts';

export interface TeardownObserverOptions {
  readonly door: Door<ReconcilerEvent>;
  readonly reads: DirectReads;
  readonly metrics: Metrics;
  readonly stalledMs: number;
  /** Called for a namespace that lives on although its teardown was recorded: the worker must look again. */
  readonly onStillAlive: (record: StoreRecord) => Promise<void>;
  /** Volumes that the watches know of a namespace's claims. */
  readonly findVolumes: (namespace: string) => readonly VolumeFacts[];
  /** Told of what stays when the rest is gone: volumes that are kept by policy, or that nobody removed in time. */
  readonly onVolumesLeft: (storeId: string, volumes: readonly string[]) => void;
}

const pauseMs = 1_000;
const stalledPauseMs = 10_000;

export class TeardownObserver {
  readonly #o: TeardownObserverOptions;

  constructor(options: TeardownObserverOptions) {
    this.#o = options;
  }

  /** @throws DomainError as the observer's look */
  async look(record: StoreRecord, now: number): Promise<NextLook> {
    const { reads, stalledMs, onStillAlive } = this.#o;
    const { desired, release, identity } = record;
    const { generation } = desired;
    if (release.teardownGeneration !== generation) return pauseMs;

    const namespace = await reads.readNamespace(identity.id);
    const elapsedMs = now - (release.teardownAt ?? now);
    const isStalled = elapsedMs >= stalledMs;
    if (namespace === null) {
      const left = await this.#readVolumesLeft(toNamespaceName(identity.id));
      // Their provisioner removes them in a moment. One that does not must not keep the store from being gone.
      if (!isStalled && left.some(({ isRetained }) => !isRetained)) return pauseMs;
      const names = left.map(({ name }) => name);
      if (names.length > 0) this.#o.onVolumesLeft(identity.id, names);
      await this.#say(identity.id, { type: 'NamespaceGone', generation });
      return pauseMs;
    }
    if (!namespace.isTerminating) {
      // Made again by an attempt that was superseded, or its deletion was lost.
      await onStillAlive(record);
      return stalledPauseMs;
    }
    const held = isStalled ? await this.#readHeld(identity.id, namespace) : [];
    const seen = assessTeardown(namespace, held, isStalled);
    const fingerprint = digest([seen.reason, seen.explanation?.object, seen.explanation?.message]);
    if (fingerprint !== record.observed.fingerprint) {
      await this.#say(identity.id, { type: 'TeardownObserved', generation, ...seen, fingerprint });
    }
    return isStalled ? stalledPauseMs : pauseMs;
  }

  /** Absence of a volume is not taken from a cache. */
  async #readVolumesLeft(namespace: string): Promise<VolumeFacts[]> {
    const known = this.#o.findVolumes(namespace);
    const found = await Promise.all(known.map(({ name }) => this.#o.reads.readVolume(name)));
    return found.filter((volume) => volume !== null).filter(({ claimNamespace }) => claimNamespace === namespace);
  }

  /** Objects of the remaining kinds that hold finalizers. Kinds that may not be read are named by the condition alone. */
  async #readHeld(storeId: string, namespace: NamespaceFacts): Promise<Held[]> {
    const held: Held[] = [];
    for (const remaining of findRemaining(namespace)) {
      if (remaining.root === null) continue;
      try {
        const objects = await this.#o.reads.listFinalized(storeId, remaining.root, remaining.resource);
        held.push(...objects.map((object) => ({ remaining, object })));
      } catch (error) {
        if (!isDomainError(error) || error.code !== 'cluster.forbidden') throw error;
      }
    }
    return held;
  }

  async #say(storeId: string, event: ReconcilerEvent): Promise<void> {
    const { outcome } = await this.#o.door.apply(storeId, event);
    this.#o.metrics.events.inc({ type: event.type, outcome });
  }
}
