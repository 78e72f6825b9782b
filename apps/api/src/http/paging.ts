/** `limit` and `cursor` of a list that is read page by page. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';

/** What a page has where nothing else is asked for. */
export const pageLimitDefault = 50;
const pageLimitMax = 100;

export function PageLimit(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: pageLimitMax, default: pageLimitDefault }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(pageLimitMax),
  );
}

/** @param isKnown  whether this has the form the list's own pages give out; nothing else may reach Redis */
export function PageCursor(isKnown: (cursor: string) => boolean): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ required: false, description: 'The nextCursor of the page before.' }),
    IsOptional(),
    ValidateBy({
      name: 'isCursor',
      validator: { validate: (value: unknown) => typeof value === 'string' && isKnown(value) },
    }),
  );
}
