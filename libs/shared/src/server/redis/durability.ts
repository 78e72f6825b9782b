/**
 * Refuses a Redis that may forget. A request is answered 202 because the record is on disk by then, so a service does not
 * start on settings under which it is not. What cannot be read counts as unsafe. Changes nothing in Redis.
 */
import type { Redis } from 'ioredis';
import { Gauge, type Registry } from 'prom-client';
import type { Logger } from '../ops/logger.ts';
import { isDomainError } from '../../domain/errors.ts';
import { readUse } from './memory.ts';
import { waitUntilReady, withinDeadline } from './connection.ts';

const readDeadlineMs = 800;

/** Setting, the value it must have, and what is lost otherwise. */
const required = [
  ['appendonly', 'yes', 'a restart loses every record'],
  ['appendfsync', 'always', 'a crash loses requests that were answered already'],
  ['maxmemory-policy', 'noeviction', 'a full Redis throws records away'],
] as const;

export class UnsafeRedisError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UnsafeRedisError';
  }
}

/** @returns one sentence that says what to set, or `null` where the settings are safe. Pure. */
export function explainUnsafe(settings: ReadonlyMap<string, string>): string | null {
  const faults = required.filter(([name, value]) => settings.get(name) !== value);
  if (faults.length === 0) return null;
  const wishes = faults.map(
    ([name, value, harm]) => `set ${name} to ${value} (it is ${settings.get(name) ?? 'unknown'}: ${harm})`,
  );
  return `Redis may forget what was promised: ${wishes.join(', ')}; for development only, REDIS_ALLOW_UNSAFE=true accepts it as it is.`;
}

/**
 * @returns the sentence of {@link explainUnsafe}, also where the settings cannot be read
 * @throws DomainError `redis.unavailable`
 */
export async function checkDurability(redis: Redis): Promise<string | null> {
  try {
    const answers = await withinDeadline(
      Promise.all(required.map(([name]) => redis.config('GET', name) as Promise<readonly string[]>)),
      readDeadlineMs,
    );
    return explainUnsafe(new Map(answers.map(([name, value]) => [String(name), String(value)])));
  } catch (error) {
    if (isDomainError(error)) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    return `Redis does not let its durability settings be read (CONFIG GET: ${cause}): allow it to this user, or check that appendonly is yes, appendfsync always and maxmemory-policy noeviction, and set REDIS_ALLOW_UNSAFE=true.`;
  }
}

export interface DurabilityOptions {
  readonly redis: Redis;
  readonly allowUnsafe: boolean;
  readonly logger: Logger;
  readonly registry: Registry;
  /** How long the start waits for Redis before it goes on without an answer, in milliseconds. */
  readonly patienceMs: number;
  /** Called where Redis came only after the start, and is unsafe. */
  readonly onRefused: (error: UnsafeRedisError) => void;
}

/**
 * Checks at the start, at every new connection (Redis may come back with other settings) and whenever metrics are read.
 * Only the first answer refuses: a service that runs warns, for ending it would help nobody.
 * @throws UnsafeRedisError where the start is refused
 */
export async function requireDurableRedis(options: DurabilityOptions): Promise<void> {
  const { redis, logger, registry, allowUnsafe } = options;
  let known: 'unknown' | 'safe' | 'unsafe' = 'unknown';
  const durable = new Gauge({
    name: 'urumi_redis_durable',
    help: '1 while Redis writes every change to disk and evicts nothing, 0 while it does not or does not answer',
    registers: [registry],
    collect: () => look().catch(refuse),
  });
  addMemoryGauge(redis, registry);

  const look = async (): Promise<void> => {
    const fault = await checkDurability(redis).catch((error: unknown) => {
      durable.set(0);
      throw error;
    });
    durable.set(fault === null ? 1 : 0);
    const before = known;
    known = fault === null ? 'safe' : 'unsafe';
    if (fault === null) return;
    if (before === 'unknown' && !allowUnsafe) throw new UnsafeRedisError(fault);
    if (before !== 'unsafe') logger.error(fault);
  };
  const refuse = (error: unknown): void => {
    if (error instanceof UnsafeRedisError) options.onRefused(error);
    else ignoreAbsence(error);
  };

  try {
    await waitUntilReady(redis, options.patienceMs);
    await look();
  } catch (error) {
    ignoreAbsence(error);
    logger.warn('Redis does not answer yet; its durability settings are checked as soon as it does');
  }
  redis.on('ready', () => void look().catch(refuse));
}

function addMemoryGauge(redis: Redis, registry: Registry): void {
  const gauge: Gauge = new Gauge({
    name: 'urumi_redis_memory_used_ratio',
    help: 'Share of maxmemory in use; from 0.8 on, new stores and changes are refused. 0 where there is no maxmemory',
    registers: [registry],
    collect: async () => {
      try {
        gauge.set((await readUse(redis)).ratio);
      } catch (error) {
        ignoreAbsence(error);
      }
    },
  });
}

/** Redis away is told by the commands that need it. */
function ignoreAbsence(error: unknown): void {
  if (!isDomainError(error)) throw error;
}
