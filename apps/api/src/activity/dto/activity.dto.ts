/** Query and answer of `GET /api/activity`. */
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { activityCursorPattern } from '../../http/cursor.ts';

export class ActivityQuery {
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 50;

  @ApiProperty({ required: false, description: 'The nextCursor of the page before.' })
  @IsOptional()
  @IsString()
  @Matches(activityCursorPattern)
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
