import { describe, expect, it } from 'vitest';
import { toShownLine } from './shown-line.ts';

describe('toShownLine', () => {
  it('is one line without control characters', () => {
    expect(toShownLine('a\nb\tc\u001b[31m\u2028d')).toBe('a b c [31m d');
  });

  it('is bounded', () => {
    expect(toShownLine('ab '.repeat(500))).toHaveLength(300);
  });

  it.each([
    ['a random password', 'password aB3dE5fG7hJ9kL1mN3pQ5rS7 is short', 'password [hidden] is short'],
    ['base64', 'data: cGFzc3dvcmQtaXMtaGVyZQ==', 'data: [hidden]'],
    ['a hexadecimal key', 'pk_0123456789abcdef0123456789abcdef', 'pk_[hidden]'],
  ])('hides %s', (_name, text, shown) => {
    expect(toShownLine(text)).toBe(shown);
  });

  it.each([
    'PersistentVolumeClaim "store-database-data" is forbidden',
    'ValidatingAdmissionPolicyBinding',
    'store-setup-1-3db00fee in namespace store-abcdefgh',
    'networkpolicies.networking.k8s.io "internet"',
    'uid 2cbdb5e0-47b3-4ae4-81df-90998730c1bc',
  ])('keeps %s', (text) => {
    expect(toShownLine(text)).toBe(text);
  });
});
