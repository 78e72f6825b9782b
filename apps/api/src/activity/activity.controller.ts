/** The feed of everything that happened to the caller's stores. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../auth/caller.ts';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { ActivityService } from './activity.service.ts';
import { ActivityPageView, ActivityQuery } from './dto/activity.dto.ts';

@ApiTags('activity')
@ApiProblems()
@Controller('api/activity')
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @ApiOperation({ summary: 'Lists what happened, newest first.' })
  @Get()
  @ApiOkResponse({ type: ActivityPageView })
  readActivity(@Caller() caller: CallerIdentity, @Query() query: ActivityQuery): Promise<ActivityPageView> {
    return this.activity.read(caller, query);
  }
}
