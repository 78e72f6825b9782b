/** The query of `GET /api/stores`. */
import { ApiProperty } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { statuses, type StatusValue } from '@urumi/shared/domain/store';
import { isCursor } from '@urumi/shared/server/store/repository';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageCursor, PageLimit, pageLimitDefault } from '../../http/paging.ts';

/** A deleted store has left the list; its page still answers by id. */
const listedStatuses = statuses.filter((status) => status !== 'deleted');

export class ListStoresQuery {
  @ApiProperty({
    required: false,
    type: String,
    description: `Comma list of: ${listedStatuses.join(', ')}.`,
    example: 'failed,degraded',
  })
  @IsOptional()
  @Transform(({ value }) => splitList(value))
  @IsIn(listedStatuses, { each: true })
  status?: StatusValue[];

  @ApiProperty({ required: false, enum: engineIds, enumName: 'EngineId' })
  @IsOptional()
  @IsIn(engineIds)
  engine?: EngineId;

  @ApiProperty({ required: false, maxLength: 100, description: 'Part of a name or id, in any case.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;

  @PageLimit()
  limit: number = pageLimitDefault;

  @PageCursor(isCursor)
  cursor?: string;
}

/** `a,b` becomes a list, nothing no filter; repeated parameters are a list already. */
function splitList(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const parts = value.split(',').filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts;
}
