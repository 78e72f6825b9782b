import { describe, expect, it } from 'vitest';
import { requested, tell } from '../testing/records.ts';
import { buildStamp, isNewerStamp, parseStamp, serializeStamp, stampSchemaNumber } from './stamp.ts';

const record = tell([requested]);
const stamp = buildStamp(record, 4);

describe('a stamp', () => {
  it('comes back as it was written', () => expect(parseStamp(serializeStamp(stamp))).toEqual(stamp));

  it('F40: of the release before is read, with its host in the wish', () => {
    const { host, formerHosts: _none, ...desired } = stamp.desired;
    const old = { v: 1, identity: { ...stamp.identity, host }, desired, fence: 4 };
    expect(parseStamp(JSON.stringify(old))).toEqual(stamp);
  });

  it.each([
    ['none', undefined],
    ['no JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['F40: a newer number', JSON.stringify({ ...stamp, v: stampSchemaNumber + 1 })],
    ['another shape', JSON.stringify({ ...stamp, desired: {} })],
    ['an old number without a host', JSON.stringify({ v: 1, identity: stamp.identity, desired: {}, fence: 1 })],
  ])('is not read where there is %s', (_what, text) => expect(parseStamp(text)).toBeNull());

  it('is newer by its generation or its fence', () => {
    expect(isNewerStamp(stamp, { ...stamp, fence: 3 })).toBe(true);
    expect(isNewerStamp(stamp, stamp)).toBe(false);
  });
});
