/**
 * Where workers write whether the cluster enforces its policies and the api reads it (`domain/protection.ts`); and where the
 * api says that it listens, without which a connection that fails would prove nothing.
 */
import type { Redis } from 'ioredis';
import {
  findingLifeMs,
  protectionFindingSchema,
  summarizeProtection,
  type Protection,
  type ProtectionFinding,
} from '../../domain/protection.ts';
import { withinDeadline } from '../redis/connection.ts';
import { defineScript, runScript } from '../redis/script.ts';
import { keys } from './keys.ts';
import { readTime } from './repository.ts';

const deadlineMs = 800;
/** Pause between two signs of life of an api, in milliseconds. */
export const listeningEveryMs = 10_000;

/**
 * KEYS  1 findings
 * ARGV  1 worker  2 finding  3 its life in ms  4... workers whose finding is old
 * HDEL comes first, so that it also goes on when memory is full.
 */
const writeScript = defineScript(`
for i = 4, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

export class ProtectionBoard {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * @param worker  name of the process, its own among all
   * @throws DomainError `redis.unavailable`
   */
  async write(worker: string, found: Protection): Promise<void> {
    const finding: ProtectionFinding = { ...found, checkedAt: await readTime(this.#redis) };
    // Workers that were killed leave their line; with the last worker it all goes.
    const findings = await this.#readAll();
    const old = findings.filter(({ checkedAt }) => finding.checkedAt - checkedAt >= findingLifeMs);
    const args = [worker, JSON.stringify(finding), findingLifeMs, ...old.map((one) => one.worker)];
    await runScript(this.#redis, writeScript, [keys.protection], args);
  }

  /** A worker that goes takes its finding along. @throws DomainError `redis.unavailable` */
  async remove(worker: string): Promise<void> {
    await withinDeadline(this.#redis.hdel(keys.protection, worker), deadlineMs);
  }

  /** @throws DomainError `redis.unavailable` */
  async read(): Promise<Protection> {
    const [findings, now] = await Promise.all([this.#readAll(), readTime(this.#redis)]);
    return summarizeProtection(findings, now);
  }

  /** Of an api, while it takes requests. @throws DomainError `redis.unavailable` */
  async sayListening(): Promise<void> {
    await withinDeadline(this.#redis.set(keys.apiListens, '1', 'PX', 2 * listeningEveryMs), deadlineMs);
  }

  /** Whether some api took requests a moment ago. @throws DomainError `redis.unavailable` */
  async isApiListening(): Promise<boolean> {
    return (await withinDeadline(this.#redis.exists(keys.apiListens), deadlineMs)) === 1;
  }

  async #readAll(): Promise<(ProtectionFinding & { readonly worker: string })[]> {
    const found = await withinDeadline(this.#redis.hgetall(keys.protection), deadlineMs);
    return Object.entries(found).map(([worker, text]) => ({
      worker,
      ...protectionFindingSchema.parse(JSON.parse(text)),
    }));
  }
}
