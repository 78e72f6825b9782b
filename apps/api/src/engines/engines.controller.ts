/** The catalogue of engines with their availability on this installation. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { EngineListView } from './engine.dto.ts';
import { EnginesService } from './engines.service.ts';

@ApiTags('catalogue')
@ApiProblems()
@Controller('api/engines')
export class EnginesController {
  constructor(private readonly engines: EnginesService) {}

  @ApiOperation({ summary: 'Lists the engines a store can have.' })
  @Get()
  @ApiOkResponse({ type: EngineListView })
  listEngines(): Promise<EngineListView> {
    return this.engines.list();
  }
}
