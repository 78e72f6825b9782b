/** Routes of stores. One line per handler: rules live in the service, wording of answers in `answers.ts`. */
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller, type CallerIdentity } from '../auth/caller.ts';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { FreesMemory } from '../records/memory.guard.ts';
import { sendAccepted, sendPage } from './answers.ts';
import { ChangeStoreBody } from './dto/change-store.dto.ts';
import { CreateStoreBody } from './dto/create-store.dto.ts';
import { ListStoresQuery } from './dto/list-stores.dto.ts';
import { RetryStoreBody } from './dto/retry-store.dto.ts';
import { StorePageView, StoreView, TimelineView } from './dto/store-view.dto.ts';
import { StoresService } from './stores.service.ts';

@ApiTags('stores')
@ApiProblems()
@Controller('api/stores')
export class StoresController {
  constructor(private readonly stores: StoresService) {}

  @ApiOperation({ summary: "Lists the caller's stores, newest first. Answers 304 while nothing changed." })
  @Get()
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiResponse({
    status: 200,
    type: StorePageView,
    headers: {
      ETag: { schema: { type: 'string' } },
      'Urumi-Last-Pass': {
        description: 'Time of the last full look at the cluster, or empty.',
        schema: { type: 'string' },
      },
    },
  })
  @ApiResponse({ status: 304, description: 'Nothing changed since that ETag. Carries Urumi-Last-Pass too.' })
  async listStores(
    @Caller() caller: CallerIdentity,
    @Query() query: ListStoresQuery,
    @Headers('if-none-match') knownTag: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StorePageView | undefined> {
    return sendPage(response, await this.stores.list(caller, query, knownTag));
  }

  @ApiOperation({ summary: 'Asks for a store. The answer comes at once; the store appears by itself.' })
  @Post()
  @HttpCode(202)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 255 printable characters. The same key and body give the same store.',
  })
  @ApiResponse({
    status: 202,
    type: StoreView,
    headers: {
      Location: { schema: { type: 'string' } },
      'Idempotent-Replayed': { description: 'true where the key was seen before.', schema: { type: 'string' } },
    },
  })
  async createStore(
    @Caller() caller: CallerIdentity,
    @Body() body: CreateStoreBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StoreView> {
    return sendAccepted(response, await this.stores.create(caller, body, idempotencyKey));
  }

  @ApiOperation({ summary: 'Reads one store; a deleted one still answers for 30 days.' })
  @Get(':id')
  @ApiOkResponse({ type: StoreView })
  readStore(@Caller() caller: CallerIdentity, @Param('id') id: string): Promise<StoreView> {
    return this.stores.read(caller, id);
  }

  @ApiOperation({ summary: 'Asks for the removal of a store and all its data. Repeating it is harmless.' })
  @Delete(':id')
  @HttpCode(202)
  @ApiResponse({ status: 202, type: StoreView })
  deleteStore(@Caller() caller: CallerIdentity, @Param('id') id: string): Promise<StoreView> {
    return this.stores.delete(caller, id);
  }

  @ApiOperation({ summary: 'Asks for another try of a store that failed, is degraded, or whose last change failed.' })
  @Post(':id/retry')
  @ApiBody({ type: RetryStoreBody, required: false })
  @HttpCode(202)
  @ApiResponse({ status: 202, type: StoreView })
  retryStore(
    @Caller() caller: CallerIdentity,
    @Param('id') id: string,
    @Body() body: RetryStoreBody,
  ): Promise<StoreView> {
    return this.stores.retry(caller, id, body);
  }

  @ApiOperation({ summary: 'Asks for another size or address. What is served goes on until the change is applied.' })
  @Patch(':id')
  @HttpCode(202)
  @ApiResponse({ status: 202, type: StoreView })
  changeStore(
    @Caller() caller: CallerIdentity,
    @Param('id') id: string,
    @Body() body: ChangeStoreBody,
  ): Promise<StoreView> {
    return this.stores.change(caller, id, body);
  }

  @ApiOperation({ summary: 'Stops what is under way. Nothing is removed; retry, change or delete the store after it.' })
  @Post(':id/cancel')
  @FreesMemory()
  @HttpCode(202)
  @ApiResponse({ status: 202, type: StoreView })
  cancelStore(@Caller() caller: CallerIdentity, @Param('id') id: string): Promise<StoreView> {
    return this.stores.cancel(caller, id);
  }

  @ApiOperation({ summary: 'What happened to a store, oldest first.' })
  @Get(':id/timeline')
  @ApiOkResponse({ type: TimelineView })
  readTimeline(@Caller() caller: CallerIdentity, @Param('id') id: string): Promise<TimelineView> {
    return this.stores.readTimeline(caller, id);
  }
}
