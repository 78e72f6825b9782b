/** What the api knows of Redis: one fail-fast connection, and on it the readers, the door for api events and the queue. */
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { ApiEvent } from '@urumi/shared/domain/events';
import { connectFailFast } from '@urumi/shared/server/redis/connection';
import { MemoryReader } from '@urumi/shared/server/redis/memory';
import { openDoor, type Door } from '@urumi/shared/server/store/door';
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { apiConfig, type ApiConfig } from '../config.ts';

/** Injection token of the connection; ioredis itself stays behind libs/shared. */
export const redisConnection = Symbol('RedisConnection');
export type RedisConnection = ReturnType<typeof connectFailFast>;

/** Injection token of the door for the api's own events. */
export const apiDoor = Symbol('ApiDoor');
export type ApiDoor = Door<ApiEvent>;

@Module({
  providers: [
    {
      provide: redisConnection,
      useFactory: (config: ApiConfig): RedisConnection => connectFailFast(config.redisUrl),
      inject: [apiConfig],
    },
    {
      provide: StoreRepository,
      useFactory: (redis: RedisConnection) => new StoreRepository(redis),
      inject: [redisConnection],
    },
    {
      provide: MemoryReader,
      useFactory: (redis: RedisConnection) => new MemoryReader(redis),
      inject: [redisConnection],
    },
    {
      provide: CreatesPauses,
      useFactory: (redis: RedisConnection) => new CreatesPauses(redis),
      inject: [redisConnection],
    },
    {
      provide: ProtectionBoard,
      useFactory: (redis: RedisConnection) => new ProtectionBoard(redis),
      inject: [redisConnection],
    },
    {
      provide: apiDoor,
      useFactory: (redis: RedisConnection): ApiDoor => openDoor<ApiEvent>(redis),
      inject: [redisConnection],
    },
  ],
  exports: [redisConnection, StoreRepository, MemoryReader, CreatesPauses, ProtectionBoard, apiDoor],
})
export class RecordsModule implements OnApplicationShutdown {
  constructor(@Inject(redisConnection) private readonly redis: RedisConnection) {}

  /** Last of all, after the queue that shares the connection; an open one would keep the process alive. */
  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
