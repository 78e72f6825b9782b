/** The shape of every error answer: problem+json (RFC 9457) with a stable code, numbers for the text and a request id. */
import { ApiProperty } from '@nestjs/swagger';
import type { ErrorDetails } from '@urumi/shared/domain/errors';

/** What is wrong with one field of the request. */
export class FieldErrorView {
  @ApiProperty({ description: 'Name of the field, as sent.' })
  field: string;

  @ApiProperty({ description: 'Stable code, such as store.name-invalid.' })
  code: string;

  @ApiProperty({ description: 'A sentence for people.' })
  message: string;
}

export class ProblemView {
  @ApiProperty({ description: 'urn:urumi:problem:<code>' })
  type: string;

  @ApiProperty()
  title: string;

  @ApiProperty({ type: 'integer' })
  status: number;

  @ApiProperty({ description: 'Stable code, such as store.name-taken.' })
  code: string;

  @ApiProperty({ description: 'What happened and what to do, with the numbers.' })
  detail: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }] },
    description: 'The facts behind the text, for clients with their own wording.',
  })
  params: ErrorDetails;

  @ApiProperty({ type: [FieldErrorView], required: false, description: 'Per field, where fields are at fault.' })
  errors?: FieldErrorView[];

  @ApiProperty({ description: 'Names this request in the logs.' })
  requestId: string;
}
