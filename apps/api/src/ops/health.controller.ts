/** Probes for launchers and clusters. `livez` and `healthz` speak of the process only, `readyz` of Redis as well. */
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { isFull, MemoryReader } from '@urumi/shared/server/redis/memory';
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { Public } from '../auth/public.decorator.ts';
import { RedisReadiness } from './redis-readiness.ts';

interface Readiness {
  readonly status: 'ok';
  readonly redisMemory: 'ok' | 'full' | 'unknown';
  /** Engines whose new stores wait because several fail alike. */
  readonly pausedEngines: readonly EngineId[] | 'unknown';
}

@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly redis: RedisReadiness,
    private readonly memory: MemoryReader,
    private readonly pauses: CreatesPauses,
  ) {}

  @Get(['healthz', 'livez'])
  readLiveness(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Red only after Redis has been away for a while, so that answers still reach callers through a load balancer. A full
   * Redis is told and not red: lists and deletions go on. So is a pause of creates.
   */
  @Get('readyz')
  async readReadiness(): Promise<Readiness> {
    if (!(await this.redis.isReady())) throw new DomainError('redis.unavailable');
    return { status: 'ok', redisMemory: await this.#describeMemory(), pausedEngines: await this.#findPaused() };
  }

  async #findPaused(): Promise<Readiness['pausedEngines']> {
    try {
      const seen = await Promise.all(engineIds.map((engine) => this.pauses.read(engine)));
      return seen.flatMap(({ engine, pause }) => (pause === null ? [] : [engine]));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return 'unknown';
    }
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
