/** Documents that every error of a route is a problem (RFC 9457). */
import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemView } from './problem.dto.ts';

export function ApiProblems(): ClassDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiExtraModels(ProblemView),
    ApiResponse({
      status: 'default',
      description: 'What went wrong.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } } },
    }),
  );
}
