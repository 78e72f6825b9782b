import { describe, expect, it } from 'vitest';
import { findNameFault, isStoreId, toNameKey } from './names.ts';
import { generateStoreId } from './store-id.ts';

describe('store names', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['\u200b\u200e', 'empty'],
    ['x'.repeat(64), 'too-long'],
    ['a\nb', 'control-characters'],
    ['a\u0000b', 'control-characters'],
    ['a\u2028b', 'control-characters'],
    ['\ud800', 'control-characters'],
  ] as const)('refuses %j as %s', (name, fault) => {
    expect(findNameFault(name)).toBe(fault);
  });

  it.each([
    'x',
    'x'.repeat(63),
    '☕'.repeat(63),
    'Café Zoë',
    'قهوة',
    '../x',
    '{{ .Values }}',
    '--kubeconfig=x',
    ';rm -rf',
  ])('accepts %j as text', (name) => {
    expect(findNameFault(name)).toBeNull();
  });

  it('compares without case, width and outer space', () => {
    expect(toNameKey('  Harbour COFFEE ')).toBe(toNameKey('harbour coffee'));
    expect(toNameKey('ＡＢＣ')).toBe(toNameKey('abc'));
  });
});

describe('store ids', () => {
  it('are DNS labels of our pattern', () => {
    for (let count = 0; count < 1_000; count += 1) expect(isStoreId(generateStoreId())).toBe(true);
  });

  it.each(['', 'kube-system', '../etc', '1abcdefg', 'abcdefghi', 'ABCDEFGH'])('%j is none', (value) => {
    expect(isStoreId(value)).toBe(false);
  });
});
