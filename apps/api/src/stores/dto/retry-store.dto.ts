/** The body of `POST /api/stores/:id/retry`; it may be left out. */
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';

export class RetryStoreBody {
  @ApiProperty({
    required: false,
    default: false,
    description: 'Make a lost store again, empty. Needed where its data is gone.',
  })
  @IsOptional()
  @IsBoolean()
  recreate?: boolean;
}
