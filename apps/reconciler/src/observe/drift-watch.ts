/**
 * Decides when drift is told and when a repair is asked for. A repair that does not last is asked for again ever more
 * rarely: somebody else's controller may put its own back each time, and two that fight spin for ever.
 */
import { isOwed } from '@urumi/shared/domain/owed';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { StoreFacts } from '../watch/cluster-view.ts';
import { readSecurity, type GuardView } from '../watch/guard-view.ts';
import { findOtherDrift, findSecurityDrift, type DriftTarget } from './drift.ts';

const repairPauseMs = { min: 60_000, max: 30 * 60_000 } as const;

export interface DriftFindings {
  /** A worker shall apply again. */
  readonly asksRepair: boolean;
  readonly notes: readonly string[];
}

export interface DriftWatchOptions {
  readonly view: Pick<GuardView, 'isFollowing' | 'read'>;
  readonly reads: DirectReads;
  readonly apiUser: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface Memory {
  readonly key: string;
  askedAt: number;
  pauseMs: number;
}

const none: DriftFindings = { asksRepair: false, notes: [] };

export class DriftWatch {
  readonly #o: DriftWatchOptions;
  readonly #memories = new Map<string, Memory>();
  /** Stores whose Ingress was seen: only of those can one be missed. */
  readonly #routed = new Set<string>();

  constructor(options: DriftWatchOptions) {
    this.#o = options;
  }

  /**
   * @returns what was changed by somebody else; `null` where nothing can be said now: the watches are cut off, or a worker is
   *   to apply anyway
   * @throws DomainError `cluster.*` of direct reads
   */
  async look(record: StoreRecord, facts: StoreFacts): Promise<DriftFindings | null> {
    const { view, reads, apiUser } = this.#o;
    const { identity, desired, release } = record;
    if (!view.isFollowing || release.generationApplied !== desired.generation || isOwed(record)) return null;
    const target: DriftTarget = { storeId: identity.id, engine: identity.engine, apiUser };
    const cached = view.read(identity.id, facts.namespace);
    // A route of the Gateway API is not watched: not every cluster knows its kinds.
    if (cached.ingresses.length > 0) this.#routed.add(identity.id);
    const other = findOtherDrift(cached, facts.workloads, this.#routed.has(identity.id));
    if (findSecurityDrift(cached, target).length === 0) {
      this.#memories.delete(identity.id);
      return { ...none, notes: other };
    }
    const security = findSecurityDrift(await readSecurity(reads, identity.id), target);
    if (security.length === 0) return { ...none, notes: other };
    const asksRepair = this.#isRepairDue(identity.id, security.join('\n'));
    return { asksRepair, notes: [...security.map((line) => `${line}; it is put right`), ...other] };
  }

  forget(storeId: string): void {
    this.#memories.delete(storeId);
    this.#routed.delete(storeId);
  }

  #isRepairDue(storeId: string, key: string): boolean {
    const now = this.#o.now();
    const known = this.#memories.get(storeId);
    if (known?.key !== key) {
      this.#memories.set(storeId, { key, askedAt: now, pauseMs: repairPauseMs.min });
      return true;
    }
    if (now - known.askedAt < known.pauseMs) return false;
    known.askedAt = now;
    known.pauseMs = Math.min(known.pauseMs * 2, repairPauseMs.max);
    return true;
  }
}
