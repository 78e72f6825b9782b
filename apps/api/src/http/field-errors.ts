/**
 * Words for fields that break a rule of a DTO. class-validator says which rule; code and sentence are ours, so that they
 * stay when the library's wording changes.
 */
import { engineIds } from '@urumi/shared/domain/engines/catalog';
import { errorKinds, type ErrorCode, type ErrorDetails } from '@urumi/shared/domain/errors';
import { findNameFault, nameLengthMax, type NameFault } from '@urumi/shared/domain/names';
import { planIds } from '@urumi/shared/domain/plans';
import type { ValidationError } from 'class-validator';
import { hostShapeSentence } from './host-shape.ts';
import type { FieldErrorView } from './problem.dto.ts';
import { RequestFault } from './request-fault.ts';

interface FieldFault extends FieldErrorView {
  readonly params: ErrorDetails;
}

/** One fault of a known code gives the answer that code; anything else is `request.invalid` with the fields. */
export function toRequestFault(errors: readonly ValidationError[]): RequestFault {
  const faults = errors.map(toFieldFault);
  const fields = faults.map(({ field, code, message }) => ({ field, code, message }));
  const only = faults.length === 1 ? faults[0] : undefined;
  if (only && isErrorCode(only.code)) return new RequestFault(only.code, { field: only.field, ...only.params }, fields);
  return new RequestFault('request.invalid', { fields: fields.map(({ field }) => field).join(', ') }, fields);
}

export function unknownField(name: string): Pick<FieldErrorView, 'field' | 'code' | 'message'> {
  return { field: shorten(name), code: 'request.field-unknown', message: `There is no field ${quote(name)} here.` };
}

function toFieldFault({ property, value, constraints = {} }: ValidationError): FieldFault {
  const field = shorten(property);
  if ('whitelistValidation' in constraints) return { ...unknownField(property), params: {} };
  if ('isStoreName' in constraints) return { field, code: 'store.name-invalid', ...explainName(value) };
  if ('isHostText' in constraints) return { field, code: 'store.host-invalid', message: hostShapeSentence, params: {} };
  if ('isIn' in constraints && property === 'engine') return { field, code: 'engine.unknown', ...explainEngine(value) };
  if ('isIn' in constraints && property === 'plan') {
    const message = `${isGiven(value) ? `There is no size ${quote(value)}.` : 'Choose a size.'} Sizes are ${planIds.join(', ')}.`;
    return { field, code: 'request.value-unknown', message, params: {} };
  }
  if ('isCursor' in constraints) {
    const message = 'This cursor is not from a page of this list. Start without one.';
    return { field, code: 'request.cursor-unknown', message, params: {} };
  }
  const message = Object.values(constraints)[0] ?? 'This value cannot be used.';
  return {
    field,
    code: 'request.value-invalid',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    params: {},
  };
}

function explainName(value: unknown): { message: string; params: ErrorDetails } {
  if (typeof value !== 'string') {
    return { message: 'A store needs a name, sent as text.', params: { fault: 'missing', lengthMax: nameLengthMax } };
  }
  const fault = findNameFault(value);
  const length = Array.from(value.trim()).length;
  return {
    message: fault === null ? '' : nameSentence(fault, length),
    params: { fault, length, lengthMax: nameLengthMax },
  };
}

function nameSentence(fault: NameFault, length: number): string {
  switch (fault) {
    case 'empty':
      return `A store needs a name of 1 to ${nameLengthMax} characters. This one is blank.`;
    case 'too-long':
      return `A name has at most ${nameLengthMax} characters. This one has ${length}.`;
    case 'control-characters':
      return 'A name cannot hold control characters, such as line breaks or tabs.';
  }
}

function explainEngine(value: unknown): { message: string; params: ErrorDetails } {
  const start = isGiven(value) ? `There is no engine ${quote(value)}.` : 'A store needs an engine.';
  return { message: `${start} Choose one of: ${engineIds.join(', ')}.`, params: { engines: engineIds.join(', ') } };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}

/** Shows what was sent, bounded and without raw control characters. */
function quote(value: unknown): string {
  return JSON.stringify(shorten(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= 60 ? text : `${characters.slice(0, 60).join('')}…`;
}
