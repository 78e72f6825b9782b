/**
 * Redis connections. Two kinds: *fail-fast* for requests and attempts (an answer within a second, never a queue of
 * commands in memory) and *blocking* for BullMQ workers and subscriptions (wait for Redis to come back).
 */
import { Redis } from 'ioredis';
import { DomainError, isDomainError } from '../../domain/errors.ts';
import { greetOnConnect } from './run.ts';

/**
 * At the limit of maxmemory Redis refuses a script whose first write may grow memory. BullMQ's scripts ring for deletions,
 * hand out and end jobs: refused, they would leave a full Redis full. They begin with a write that changes nothing, so that
 * they go on; what makes memory grow is turned away before it rings (`../store/room.ts`, pinned by memory.int.spec.ts).
 */
class PlatformRedis extends Redis {
  override defineCommand(name: string, definition: Parameters<Redis['defineCommand']>[1]): void {
    super.defineCommand(name, { ...definition, lua: `redis.call('DEL', 'urumi:nothing')\n${definition.lua}` });
  }
}

/**
 * A connection that fails at once while Redis is away. Errors are reported by the commands, not by the connection. It may
 * write records: whatever Redis it reaches is greeted first (see `run.ts`).
 */
export function connectFailFast(url: string): Redis {
  const redis = new PlatformRedis(url, {
    // A command whose connection broke is never sent again by itself: it would reach the next Redis before the greeting.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000),
    // A replica may be promoted with its connections open; only a new connection greets it.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  greetOnConnect(redis);
  return quietly(redis);
}

/** A connection that waits for Redis, as BullMQ workers and subscribers need it. */
export function connectBlocking(url: string): Redis {
  return quietly(
    new PlatformRedis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000) }),
  );
}

/**
 * Waits until the connection can take commands.
 * @throws DomainError `redis.unavailable` when that takes longer than `timeoutMs`
 */
export async function waitUntilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  await withinDeadline(new Promise<void>((resolve) => redis.once('ready', resolve)), timeoutMs);
}

/** @throws DomainError `redis.unavailable` when `work` takes longer than `deadlineMs` or Redis cannot be reached */
export async function withinDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DomainError('redis.unavailable', { deadlineMs })), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } catch (error) {
    throw toRedisError(error);
  } finally {
    clearTimeout(timer);
  }
}

const connectionFailures =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|Connection is closed|Stream isn't writeable|max retries per request|LOADING|READONLY/i;

/** Connection failures as `redis.unavailable`, a refused write for want of memory as `redis.full`; everything else unchanged. */
export function toRedisError(error: unknown): unknown {
  if (isDomainError(error) || !(error instanceof Error)) return error;
  const text = `${error.name} ${error.message}`;
  if (text.includes('OOM command')) return new DomainError('redis.full', {}, { cause: error });
  return connectionFailures.test(text) ? new DomainError('redis.unavailable', {}, { cause: error }) : error;
}

/** Without a listener ioredis prints every reconnect attempt; the failing command already carries the error. */
function quietly(redis: Redis): Redis {
  redis.on('error', () => undefined);
  return redis;
}
