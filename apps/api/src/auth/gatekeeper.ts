/**
 * Decides who may enter, for the guard of the API and the middleware of the queue board alike. Wrong tokens are counted
 * per address; past the limit the answer is 429. A right token always enters: it has 256 random bits, so nobody finds it
 * within any limit, and a forgotten tab with an old token must not lock its owner out.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@urumi/shared/domain/errors';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { apiConfig, type ApiConfig } from '../config.ts';
import { isToken } from './token-digest.ts';

const windowSeconds = 60;

@Injectable()
export class Gatekeeper {
  readonly #config: ApiConfig;
  readonly #failures: RateLimiterMemory;

  constructor(@Inject(apiConfig) config: ApiConfig) {
    this.#config = config;
    this.#failures = new RateLimiterMemory({ points: config.failedLoginsMax, duration: windowSeconds });
  }

  /**
   * @param token  as sent, or `null` where none was
   * @param address  of the caller, for counting
   * @throws DomainError `auth.missing`, `auth.unknown-token`, `rate.exceeded`
   */
  async admit(token: string | null, address: string): Promise<void> {
    if (token === null) throw new DomainError('auth.missing');
    if (isToken(token, this.#config.adminToken)) return;
    throw (await this.#countFailure(address)) ?? new DomainError('auth.unknown-token');
  }

  async #countFailure(address: string): Promise<DomainError | null> {
    try {
      await this.#failures.consume(address);
      return null;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      return new DomainError('rate.exceeded', {
        failuresMax: this.#config.failedLoginsMax,
        windowSeconds,
        retryAfterSeconds,
      });
    }
  }
}
