import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHostFault, findNameFault, isStoreId, toFullHost, toNameKey } from './names.ts';
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

describe('a wished address', () => {
  const where = { baseDomain: 'shops.test', storeId: 'k7m2qpx4' };
  it.each<[string, string | null]>([
    ['shop1', null],
    ['shop1.shops.test', null],
    ['a', null],
    ['7', null],
    ['a-b-c', null],
    ['x'.repeat(63), null],
    ['k7m2qpx4', null],
    ['k7m2qpx4.shops.test', null],
    ['k7m2qpx5', 'like-an-id'],
    ['', 'empty'],
    ['.shops.test', 'empty'],
    ['x'.repeat(64), 'too-long'],
    ['Shop1', 'characters'],
    ['-shop', 'characters'],
    ['shop-', 'characters'],
    ['sh op', 'characters'],
    ['sh_op', 'characters'],
    ['shöp', 'characters'],
    [' shop', 'characters'],
    ['shop/../x', 'other-domain'],
    ['shop;x', 'characters'],
    ['*', 'characters'],
    ['a.b', 'other-domain'],
    ['a.b.shops.test', 'other-domain'],
    ['shop.example.com', 'other-domain'],
    ['shops.test', 'other-domain'],
    ['xn--bcher-kva', 'punycode'],
    ['www', 'reserved'],
    ['api.shops.test', 'reserved'],
    ['admin', 'reserved'],
    ['dashboard', 'reserved'],
  ])('%s: %s', (host, fault) => expect(findHostFault(host, where)).toBe(fault));

  it('without a fault is one label below the base domain, in any form it was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'z', '0', '9', '-', '.', 'A', 'é') }), (host) => {
        if (findHostFault(host, { baseDomain: 'shops.test', storeId: null }) !== null) return;
        expect(toFullHost(host, 'shops.test')).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.shops\.test$/);
        expect(toFullHost(toFullHost(host, 'shops.test'), 'shops.test')).toBe(toFullHost(host, 'shops.test'));
      }),
    );
  });

  it('that looks like an id is one that could be made', () => {
    for (let n = 0; n < 50; n += 1) expect(findHostFault(generateStoreId(), where)).toBe('like-an-id');
  });
});
