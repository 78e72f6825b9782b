/**
 * Decides who may enter, for the guard of the API and the middleware of the queue board alike. Wrong tokens are counted
 * per address; past the limit the answer is 429. A right token always enters: it has 256 random bits, so nobody finds it
 * within any limit, and a forgotten tab with an old token must not lock its owner out.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@urumi/shared/domain/errors';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { apiConfig, type ApiConfig } from '../config.ts';
import type { CallerIdentity } from './caller.ts';
import { adminOwner } from '@urumi/shared/domain/owners';
import { PinoLogger } from 'nestjs-pino';
import { digestToken, isDigest } from './token-digest.ts';
import { TokensFile } from './tokens-file.ts';

const windowSeconds = 60;

export type Admitted = Pick<CallerIdentity, 'name' | 'owner' | 'role'>;

const admin: Admitted = { name: 'admin', owner: adminOwner, role: 'admin' };

@Injectable()
export class Gatekeeper {
  readonly #config: ApiConfig;
  readonly #failures: RateLimiterMemory;

  readonly #tokens: TokensFile;

  constructor(@Inject(apiConfig) config: ApiConfig, logger: PinoLogger) {
    this.#config = config;
    this.#tokens = new TokensFile(config.tokensFile, logger);
    this.#failures = new RateLimiterMemory({ points: config.failedLoginsMax, duration: windowSeconds });
  }

  /**
   * @param token  as sent, or `null` where none was
   * @param address  of the caller, for counting
   * @returns whose token it is
   * @throws DomainError `auth.missing`, `auth.unknown-token`, `rate.exceeded`
   */
  async admit(token: string | null, address: string): Promise<Admitted> {
    if (token === null) throw new DomainError('auth.missing');
    const digest = digestToken(token);
    if (isDigest(digest, this.#config.adminToken)) return admin;
    const holder = await this.#tokens.find(digest);
    if (holder !== null) return { ...holder, role: 'member' };
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
