/**
 * Reads what containers in trouble say, and remembers it: a log is read when a trouble begins, and again now and then
 * while it lasts, for a cause may be printed later than the first look.
 */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { Speaker } from './assess.ts';
import { findCause, type Cause } from './cause.ts';

/** Pauses between reads: the second comes soon, then ever later. */
const rereadMs = { min: 3_000, max: 60_000 } as const;
/** Starting takes a moment: only what is not ready for longer has something to say. */
const quietMs = 5_000;
/** Containers repeat a cause that lasts; what is older may be mended. */
const recentSeconds = 180;
const linesMax = 200;

export interface Speech {
  readonly log: string;
  readonly cause: Cause | null;
}

interface Memory {
  readonly key: string;
  dueAt: number;
  pauseMs: number;
  speech: Speech;
}

const silence: Speech = { log: '', cause: null };

export class Speeches {
  readonly #reads: Pick<DirectReads, 'readLog'>;
  readonly #now: () => number;
  readonly #memories = new Map<string, Memory>();

  /** @param now  monotonic milliseconds */
  constructor(reads: Pick<DirectReads, 'readLog'>, now: () => number) {
    this.#reads = reads;
    this.#now = now;
  }

  /**
   * @param speaker  the part in trouble, `null` where there is none
   * @param isFault  the cluster itself shows a fault, so there is no reason to wait
   *
   * Never rejects for a log that cannot be read: what was read before stays.
   */
  async hear(storeId: string, speaker: Speaker | null, isFault: boolean): Promise<Speech> {
    if (speaker === null) {
      this.#memories.delete(storeId);
      return silence;
    }
    const now = this.#now();
    const key = JSON.stringify(speaker);
    const known = this.#memories.get(storeId);
    const memory =
      known?.key === key
        ? known
        : { key, dueAt: isFault ? now : now + quietMs, pauseMs: rereadMs.min, speech: silence };
    this.#memories.set(storeId, memory);
    if (now < memory.dueAt) return memory.speech;
    memory.dueAt = now + memory.pauseMs;
    memory.pauseMs = Math.min(memory.pauseMs * 2, rereadMs.max);
    const log = await this.#readLog(storeId, speaker);
    if (log !== null) memory.speech = { log, cause: findCause(log) };
    return memory.speech;
  }

  forget(storeId: string): void {
    this.#memories.delete(storeId);
  }

  async #readLog(storeId: string, { log }: Speaker): Promise<string | null> {
    const sinceSeconds = log.recent ? recentSeconds : null;
    const text = await this.#read(storeId, log, { lines: linesMax, previous: log.previous, sinceSeconds });
    // A container that crashed for the first time has no earlier life to read about.
    if (log.previous && (text === null || text === '')) {
      return this.#read(storeId, log, { lines: linesMax, previous: false, sinceSeconds });
    }
    return text;
  }

  /** The fault itself is told in any case; a kubelet that is away must not keep it from being told. */
  async #read(
    storeId: string,
    { pod, container }: Speaker['log'],
    options: Parameters<DirectReads['readLog']>[3],
  ): Promise<string | null> {
    try {
      return await this.#reads.readLog(storeId, pod, container, options);
    } catch (error) {
      if (isDomainError(error)) return null;
      throw error;
    }
  }
}
