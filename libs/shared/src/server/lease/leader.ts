/** Leadership among replicas by a Redis lease. It saves work; correctness never rests on it. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { runScript } from '../redis/script.ts';
import { keys } from '../store/keys.ts';
import { leadScript } from '../store/scripts.ts';

export class Leadership {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #leaseMs: number;
  readonly #token = randomUUID();

  constructor(redis: Redis, name: string, leaseMs: number) {
    this.#redis = redis;
    this.#name = name;
    this.#leaseMs = leaseMs;
  }

  /** Takes or renews leadership. Call it more often than every `leaseMs`. */
  async tick(): Promise<boolean> {
    const leads = await runScript(
      this.#redis,
      leadScript,
      [keys.leader(this.#name)],
      [this.#token, this.#leaseMs, '0'],
    );
    return leads === 1;
  }

  /** Lets another replica lead at once. */
  async resign(): Promise<void> {
    await runScript(this.#redis, leadScript, [keys.leader(this.#name)], [this.#token, this.#leaseMs, '1']);
  }
}
