import { describe, expect, it } from 'vitest';
import { parseBasicPassword, parseBearer } from './credentials.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('an Authorization header', () => {
  it.each<[string | undefined, string | null]>([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['Bearer', null],
    ['Bearer a b', null],
    ['abc', null],
    [undefined, null],
  ])('%s as Bearer: %s', (header, token) => expect(parseBearer(header)).toBe(token));

  it.each<[string | undefined, string | null]>([
    [basic('admin:abc'), 'abc'],
    [basic(':abc'), 'abc'],
    [basic('admin:a:b'), 'a:b'],
    [basic('admin:'), ''],
    [basic('admin'), null],
    ['Basic !!!', null],
    ['Bearer abc', null],
    [undefined, null],
  ])('%s as Basic: %s', (header, password) => expect(parseBasicPassword(header)).toBe(password));
});
