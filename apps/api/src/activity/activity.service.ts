/** Reads the feed and puts it into the words of the API. */
import { Injectable } from '@nestjs/common';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import type { CallerIdentity } from '../auth/caller.ts';
import type { ActivityPageView, ActivityQuery } from './dto/activity.dto.ts';

@Injectable()
export class ActivityService {
  constructor(private readonly repository: StoreRepository) {}

  async read(caller: CallerIdentity, query: ActivityQuery): Promise<ActivityPageView> {
    const { entries, nextCursor } = await this.repository.readActivity(caller.owner, query);
    const items = entries.map(({ id, at, actor, storeId, storeName, type, text }) => {
      return { id, at: new Date(at).toISOString(), actor, storeId, storeName, type, text };
    });
    return { items, nextCursor };
  }
}
