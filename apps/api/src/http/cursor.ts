/** Cursors are opaque to callers; this is what may reach Redis: the forms its own pages gave out. */
import { isCursor } from '@urumi/shared/server/store/repository';
import { ValidateBy } from 'class-validator';

/** A place in the list of stores. */
export function IsStoreCursor(): PropertyDecorator {
  return ValidateBy({
    name: 'isCursor',
    validator: { validate: (value: unknown) => typeof value === 'string' && isCursor(value) },
  });
}

/** A place in the feed: the id of a stream entry. */
export const activityCursorPattern = /^\d{1,16}-\d{1,16}$/;
