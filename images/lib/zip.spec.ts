import { describe, expect, it } from 'vitest';
import { makeZip } from '../test/make-zip.ts';
import { CorruptZip, readZip } from './zip.ts';

const files = [
  { name: 'a/' },
  { name: 'a/stored.txt', content: 'as it is' },
  { name: 'a/packed.txt', content: 'again '.repeat(1000), isPacked: true },
];

describe('a zip', () => {
  it('gives its entries in order, stored or packed', () => {
    const entries = readZip(makeZip(files));
    expect(entries.map(({ name, isFolder, size }) => ({ name, isFolder, size }))).toEqual([
      { name: 'a/', isFolder: true, size: 0 },
      { name: 'a/stored.txt', isFolder: false, size: 8 },
      { name: 'a/packed.txt', isFolder: false, size: 6000 },
    ]);
    expect(entries[1]?.content().toString()).toBe('as it is');
    expect(entries[2]?.content().toString()).toBe('again '.repeat(1000));
  });

  it('may have a comment at its end', () => {
    const zip = makeZip(files);
    expect(readZip(Buffer.concat([zip, Buffer.from('made by hand')]))).toHaveLength(3);
  });

  it('tells links from files', () => {
    expect(readZip(makeZip([{ name: 'a', content: '/etc', mode: 0o120777 }]))[0]?.isSpecial).toBe(true);
    expect(readZip(makeZip([{ name: 'a', mode: 0 }]))[0]?.isSpecial).toBe(false);
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('<html>not found</html>')],
    ['cut off', makeZip(files).subarray(0, -30)],
    ['without its middle', Buffer.concat([makeZip(files).subarray(0, 40), makeZip(files).subarray(90)])],
  ])('that is %s is refused', (_, zip) => {
    expect(() => readZip(zip).map((entry) => entry.content())).toThrow(CorruptZip);
  });

  it('is refused where a content is not what the list says', () => {
    const [stored, packed] = readZip(
      makeZip([
        { name: 'a', content: 'a', isDamaged: true },
        { name: 'b', content: 'b', isDamaged: true, isPacked: true },
      ]),
    );
    expect(() => stored?.content()).toThrow(CorruptZip);
    expect(() => packed?.content()).toThrow(CorruptZip);
  });
});
