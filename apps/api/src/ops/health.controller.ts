/** Probes for launchers and clusters. `livez` and `healthz` speak of the process only, `readyz` of Redis as well. */
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DomainError } from '@urumi/shared/domain/errors';
import { Public } from '../auth/public.decorator.ts';
import { RedisReadiness } from './redis-readiness.ts';

@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly redis: RedisReadiness) {}

  @Get(['healthz', 'livez'])
  readLiveness(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Red only after Redis has been away for a while, so that answers still reach callers through a load balancer. */
  @Get('readyz')
  async readReadiness(): Promise<{ status: 'ok' }> {
    if (!(await this.redis.isReady())) throw new DomainError('redis.unavailable');
    return { status: 'ok' };
  }
}
