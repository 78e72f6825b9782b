/** Numbers for the dashboard. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../auth/caller.ts';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { MetricsView } from './metrics.dto.ts';
import { MetricsService } from './metrics.service.ts';

@ApiTags('metrics')
@ApiProblems()
@Controller('api/metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @ApiOperation({ summary: 'Counts stores and jobs.' })
  @Get()
  @ApiOkResponse({ type: MetricsView })
  readMetrics(@Caller() caller: CallerIdentity): Promise<MetricsView> {
    return this.metrics.read(caller);
  }
}
