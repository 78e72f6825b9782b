/** Probes for launchers and clusters. `livez` and `healthz` speak of the process only, `readyz` of Redis as well. */
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { isFull, MemoryReader } from '@urumi/shared/server/redis/memory';
import { Public } from '../auth/public.decorator.ts';
import { RedisReadiness } from './redis-readiness.ts';

interface Readiness {
  readonly status: 'ok';
  readonly redisMemory: 'ok' | 'full' | 'unknown';
}

@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly redis: RedisReadiness,
    private readonly memory: MemoryReader,
  ) {}

  @Get(['healthz', 'livez'])
  readLiveness(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Red only after Redis has been away for a while, so that answers still reach callers through a load balancer. A full
   * Redis is told and not red: lists and deletions go on.
   */
  @Get('readyz')
  async readReadiness(): Promise<Readiness> {
    if (!(await this.redis.isReady())) throw new DomainError('redis.unavailable');
    return { status: 'ok', redisMemory: await this.#describeMemory() };
  }

  async #describeMemory(): Promise<Readiness['redisMemory']> {
    try {
      return isFull(await this.memory.read()) ? 'full' : 'ok';
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return 'unknown';
    }
  }
}
