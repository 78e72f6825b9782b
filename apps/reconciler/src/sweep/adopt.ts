/**
 * Makes records from stamps and opens the gate. While the gate is shut, work rests everywhere; it opens once the caches
 * are filled, one lease period has passed (so no attempt of before still lives), and every stamp is in the records.
 */
import type { StoreFound } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { parseNamespaceName } from '@urumi/shared/k8s/names';
import { isNewerStamp, parseStamp } from '@urumi/shared/k8s/stamp';
import type { Adoption } from '@urumi/shared/server/store/adoption';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { NamespaceFacts } from '../watch/facts.ts';

export interface AdoptOptions {
  readonly repository: StoreRepository;
  readonly adopt: (found: StoreFound) => Promise<Adoption>;
  readonly onAdoption: (storeId: string, adoption: Adoption) => void;
}

const pageIds = 100;

/** What a namespace's stamp says, or `null` where it bears none of ours for its own name. */
export function toFound(namespace: NamespaceFacts): StoreFound | null {
  const stamp = parseStamp(namespace.stamp);
  if (stamp === null || stamp.identity.id !== parseNamespaceName(namespace.name)) return null;
  const { identity, desired, fence } = stamp;
  return {
    type: 'StoreFound',
    identity,
    desired,
    fence,
    namespaceUid: namespace.uid,
    terminating: namespace.isTerminating,
  };
}

/**
 * Adopts every stamp that has no record or says more than it.
 * @throws DomainError `redis.unavailable`
 *
 * Safe to repeat.
 */
export async function adoptAll(namespaces: readonly NamespaceFacts[], options: AdoptOptions): Promise<void> {
  const found = namespaces.map(toFound).filter((each) => each !== null);
  for (let index = 0; index < found.length; index += pageIds) {
    const page = found.slice(index, index + pageIds);
    const records = new Map<string, StoreRecord>();
    for (const record of await options.repository.readMany(page.map(({ identity }) => identity.id))) {
      records.set(record.identity.id, record);
    }
    for (const each of page) {
      const record = records.get(each.identity.id);
      if (record && !saysMore(each, record)) continue;
      options.onAdoption(each.identity.id, await options.adopt(each));
    }
  }
}

function saysMore(found: StoreFound, { desired, attempt }: StoreRecord): boolean {
  return isNewerStamp(found, { desired, fence: attempt.fence });
}

export interface GateOptions extends AdoptOptions {
  readonly view: { readonly isSynced: boolean; readonly isFollowing: boolean };
  /** A direct read: a cache may lack the newest stamp. */
  readonly listNamespaces: () => Promise<readonly NamespaceFacts[]>;
  /** Remembers the run of Redis that the gate is about to be opened under. */
  readonly bindRun: () => Promise<void>;
  readonly leaseMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export class GateKeeper {
  readonly #o: GateOptions;
  #shutSince: number | null = null;

  constructor(options: GateOptions) {
    this.#o = options;
  }

  /**
   * To be called often by the leader.
   * @returns `opened` when this call opened it
   * @throws DomainError `redis.unavailable`, `cluster.*`
   */
  async tick(): Promise<'open' | 'opened' | 'shut'> {
    const { repository, view, leaseMs, now, listNamespaces, bindRun } = this.#o;
    if (await repository.isGateOpen()) {
      this.#shutSince = null;
      return 'open';
    }
    this.#shutSince ??= now();
    if (!view.isSynced || !view.isFollowing || now() - this.#shutSince < leaseMs) return 'shut';
    // Read after the lease period: until then an attempt may still have written a stamp.
    await adoptAll(await listNamespaces(), this.#o);
    // An empty Redis knows of no run yet; unbound, the next connection would shut the gate again.
    await bindRun();
    await repository.openGate();
    this.#shutSince = null;
    return 'opened';
  }
}
