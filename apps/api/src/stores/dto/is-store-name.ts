/** The class-validator face of the shared name rules. */
import { findNameFault } from '@urumi/shared/domain/names';
import { ValidateBy } from 'class-validator';

/** Accepts what {@link findNameFault} accepts; the sentence comes from the problem filter, which knows the numbers. */
export function IsStoreName(): PropertyDecorator {
  return ValidateBy({
    name: 'isStoreName',
    validator: { validate: (value: unknown) => typeof value === 'string' && findNameFault(value) === null },
  });
}
