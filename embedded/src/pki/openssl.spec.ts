import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { makeAuthority, makeCertificate } from './openssl.ts';

describe('certificates', () => {
  it('are signed by their authority and carry user, groups and names', async () => {
    const authority = await makeAuthority('test-ca');
    const pair = await makeCertificate(authority, {
      subject: { commonName: 'urumi:worker', organizations: ['urumi:services', 'urumi:others'] },
      usage: 'client',
      names: ['DNS:localhost', 'IP:127.0.0.1'],
    });
    const certificate = new X509Certificate(pair.certificate);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.subject.split('\n')).toEqual(['O=urumi:services', 'O=urumi:others', 'CN=urumi:worker']);
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(certificate.ca).toBe(false);
    expect(pair.key).toContain('PRIVATE KEY');
  });

  it.each(['', 'a b', 'a\nO=system:masters', 'a/O=system:masters', '$x', 'a,b', 'a'.repeat(65)])(
    'refuse the name %j',
    async (commonName) => {
      const authority = { certificate: '', key: '' };
      const request = { subject: { commonName, organizations: [] }, usage: 'client' as const };
      await expect(makeCertificate(authority, request)).rejects.toThrow('cannot be a certificate name');
    },
  );
});
