/** Answers whether requests can be recorded. Turns red only after a while, so that a blip does not drain the api. */
import { Inject, Injectable } from '@nestjs/common';
import { isDomainError } from '@urumi/shared/domain/errors';
import { withinDeadline } from '@urumi/shared/server/redis/connection';
import { redisConnection, type RedisConnection } from '../records/records.module.ts';

const pingDeadlineMs = 500;
const patienceMs = 10_000;

@Injectable()
export class RedisReadiness {
  /** Monotonic time of the last answer; before the first one there is nothing to be patient about. */
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(@Inject(redisConnection) private readonly redis: RedisConnection) {}

  async isReady(): Promise<boolean> {
    try {
      await withinDeadline(this.redis.ping(), pingDeadlineMs);
      this.#answeredAt = performance.now();
      return true;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return performance.now() - this.#answeredAt < patienceMs;
    }
  }
}
