/** Query and answer of `GET /api/activity`. */
import { ApiProperty } from '@nestjs/swagger';
import { PageCursor, PageLimit, pageLimitDefault } from '../../http/paging.ts';

/** A place in the feed. */
const streamEntryId = /^\d{1,16}-\d{1,16}$/;

export class ActivityQuery {
  @PageLimit()
  limit: number = pageLimitDefault;

  @PageCursor((cursor) => streamEntryId.test(cursor))
  cursor?: string;
}

export class ActivityEntryView {
  @ApiProperty()
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;

  @ApiProperty({ description: 'Who did it: a person, or the part of Urumi.' })
  actor: string;

  @ApiProperty()
  storeId: string;

  @ApiProperty()
  storeName: string;

  @ApiProperty({ description: 'The event, such as StoreRequested.' })
  type: string;

  @ApiProperty()
  text: string;
}

export class ActivityPageView {
  @ApiProperty({ type: [ActivityEntryView], description: 'Newest first.' })
  items: ActivityEntryView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
