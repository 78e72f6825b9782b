/** The caller and the state of the installation as far as it concerns them. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../auth/caller.ts';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { MeView } from './me.dto.ts';
import { MeService } from './me.service.ts';

@ApiTags('me')
@ApiProblems()
@Controller('api/me')
export class MeController {
  constructor(private readonly me: MeService) {}

  @ApiOperation({ summary: 'Reads who is asking, their quota, and how far the cluster is.' })
  @Get()
  @ApiOkResponse({ type: MeView })
  readMe(@Caller() caller: CallerIdentity): Promise<MeView> {
    return this.me.read(caller);
  }
}
