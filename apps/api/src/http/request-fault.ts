/** A request refused for its fields: which, why, and in what words. */
import { DomainError, type ErrorCode, type ErrorDetails } from '@urumi/shared/domain/errors';
import type { FieldErrorView } from './problem.dto.ts';

export class RequestFault extends DomainError {
  readonly fields: readonly FieldErrorView[];

  constructor(code: ErrorCode, details: ErrorDetails, fields: readonly FieldErrorView[]) {
    super(code, details);
    this.fields = fields;
  }
}
