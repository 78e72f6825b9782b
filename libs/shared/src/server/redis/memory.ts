/**
 * How full Redis is. A full Redis refuses writes, renewals of leases among them, so new work is turned away long before:
 * the rest is for what runs and for deletions.
 */
import type { Redis } from 'ioredis';
import { withinDeadline } from './connection.ts';

/** From this share of `maxmemory` on, nothing new is taken. */
export const fullFromRatio = 0.8;

const readDeadlineMs = 800;
const maxAgeMs = 1_000;

export interface MemoryUse {
  readonly usedBytes: number;
  /** `null` where Redis has no `maxmemory`. */
  readonly maxBytes: number | null;
  /** 0 without a `maxmemory`. */
  readonly ratio: number;
}

export function isFull({ ratio }: MemoryUse): boolean {
  return ratio >= fullFromRatio;
}

/** @param text  the answer to `INFO memory` */
export function parseUse(text: string): MemoryUse {
  const usedBytes = readNumber(text, 'used_memory');
  const maxBytes = readNumber(text, 'maxmemory') || null;
  return { usedBytes, maxBytes, ratio: maxBytes === null ? 0 : usedBytes / maxBytes };
}

function readNumber(text: string, field: string): number {
  return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

/** @throws DomainError `redis.unavailable` */
export async function readUse(redis: Redis): Promise<MemoryUse> {
  return parseUse(await withinDeadline(redis.info('memory'), readDeadlineMs));
}

/** Reads at most once a second, however many ask. */
export class MemoryReader {
  readonly #redis: Redis;
  #asked: { readonly at: number; readonly use: Promise<MemoryUse> } | null = null;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws DomainError `redis.unavailable`; a failure is forgotten at once */
  async read(): Promise<MemoryUse> {
    if (this.#asked === null || performance.now() - this.#asked.at >= maxAgeMs) {
      this.#asked = { at: performance.now(), use: readUse(this.#redis) };
    }
    const asked = this.#asked;
    try {
      return await asked.use;
    } catch (error) {
      if (this.#asked === asked) this.#asked = null;
      throw error;
    }
  }
}
