import { describe, expect, it } from 'vitest';
import { parseIdempotency } from './idempotency.ts';
import { buildListTag, isKnownTag } from './list-tag.ts';

const wish = { name: 'a', engine: 'medusa', plan: 'S', host: null } as const;

describe('an Idempotency-Key', () => {
  it('is optional', () => expect(parseIdempotency(undefined, wish)).toBeNull());

  it.each(['k', ' ', '~', 'k'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])('may be %j', (key) => {
    expect(parseIdempotency(key, wish)?.key).toBe(key);
  });

  it.each(['', 'k'.repeat(256), 'a\tb', 'ü', '\u007f'])('may not be %j', (key) => {
    expect(() => parseIdempotency(key, wish)).toThrow('idempotency.key-invalid');
  });

  it('tells different wishes apart, also where their fields run together', () => {
    const digest = (name: string, plan: 'S' | 'M' = 'S') => parseIdempotency('k', { ...wish, name, plan })?.bodyHash;
    expect(digest('a')).toBe(digest('a'));
    expect(new Set([digest('a'), digest('b'), digest('a', 'M'), digest('a","medusa'), digest('A')]).size).toBe(5);
  });
});

describe('the tag of a list', () => {
  const tag = buildListTag(['admin', '7', { limit: 50 }]);

  it('depends on all its parts', () => {
    expect(tag).toBe(buildListTag(['admin', '7', { limit: 50 }]));
    expect(tag).not.toBe(buildListTag(['admin', '8', { limit: 50 }]));
    expect(tag).not.toBe(buildListTag(['admin', '7', { limit: 51 }]));
  });

  it.each<[string | undefined, boolean]>([
    [tag, true],
    [`W/${tag}`, true],
    [`"a", ${tag}`, true],
    [undefined, false],
    ['', false],
    ['*', false],
    [tag.slice(1, -1), false],
  ])('is known from %s: %s', (header, known) => expect(isKnownTag(header, tag)).toBe(known));
});
