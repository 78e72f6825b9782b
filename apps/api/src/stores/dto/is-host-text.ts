/** The shape of a wished address. The rule needs the base domain, so the service applies it (`wished-host.ts`). */
import { ValidateBy } from 'class-validator';

const hostLengthMax = 253;

export const hostProperty = {
  required: false,
  maxLength: hostLengthMax,
  example: 'harbour',
  description:
    'Address of the shop: one label of lower-case letters, digits and hyphens, alone or with the base domain behind it.',
} as const;

export function IsHostText(): PropertyDecorator {
  return ValidateBy({
    name: 'isHostText',
    validator: { validate: (value: unknown) => typeof value === 'string' && value.length <= hostLengthMax },
  });
}
