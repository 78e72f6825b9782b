/** The producer side of the queue: ringing, counting, and places in line. */
import { Inject, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { redisConnection, RecordsModule, type RedisConnection } from '../records/records.module.ts';
import { QueueReader } from './queue-reader.ts';
import { storeQueue, type StoreQueue } from './store-queue.ts';

@Module({
  imports: [RecordsModule],
  providers: [
    {
      provide: storeQueue,
      useFactory: (redis: RedisConnection): StoreQueue => openStoreQueue(redis),
      inject: [redisConnection],
    },
    {
      provide: Doorbell,
      useFactory: (queue: StoreQueue, redis: RedisConnection) => new Doorbell(queue, redis),
      inject: [storeQueue, redisConnection],
    },
    QueueReader,
  ],
  exports: [storeQueue, Doorbell, QueueReader],
})
export class QueuesModule implements BeforeApplicationShutdown {
  constructor(@Inject(storeQueue) private readonly queue: StoreQueue) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}
