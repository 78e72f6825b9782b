/**
 * Keys by Node, certificates by the openssl command. Owns the certificate profile; decides no names.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from '../base/run-command.ts';

const DAYS = '3650';

export interface KeyPair {
  certificate: string;
  key: string;
}

interface Subject {
  commonName: string;
  organizations: readonly string[];
}

export interface CertificateRequest {
  subject: Subject;
  usage: 'server' | 'client';
  /** `DNS:…` and `IP:…` entries; a server certificate needs some. */
  names?: readonly string[];
}

/** A self-signed authority. */
export function makeAuthority(commonName: string, signal?: AbortSignal): Promise<KeyPair> {
  return withScratch(async (dir) => {
    const key = makeKey();
    await writeFile(join(dir, 'key'), key, { mode: 0o600 });
    const extensions = [
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=critical,digitalSignature,keyCertSign,cRLSign',
      'subjectKeyIdentifier=hash',
    ];
    await writeFile(join(dir, 'config'), requestConfig({ commonName, organizations: [] }, extensions));
    const args = ['req', '-x509', '-new', '-key', join(dir, 'key'), '-days', DAYS, '-config', join(dir, 'config')];
    const { stdout } = await runCommand('openssl', args, { signal });
    return { certificate: stdout, key };
  });
}

/** A key and a certificate for it, signed by `authority`. */
export function makeCertificate(
  authority: KeyPair,
  request: CertificateRequest,
  signal?: AbortSignal,
): Promise<KeyPair> {
  return withScratch(async (dir) => {
    const file = (name: string) => join(dir, name);
    const key = makeKey();
    await writeFile(file('key'), key, { mode: 0o600 });
    await writeFile(file('ca.key'), authority.key, { mode: 0o600 });
    await writeFile(file('ca.crt'), authority.certificate);
    await writeFile(file('config'), requestConfig(request.subject, []));
    await writeFile(file('extensions'), certificateExtensions(request).join('\n'));
    const asked = await runCommand('openssl', ['req', '-new', '-key', file('key'), '-config', file('config')], {
      signal,
    });
    const serial = `0x${randomBytes(16).toString('hex')}`;
    const args = ['x509', '-req', '-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-set_serial', serial];
    const { stdout } = await runCommand('openssl', [...args, '-days', DAYS, '-extfile', file('extensions')], {
      input: asked.stdout,
      signal,
    });
    return { certificate: stdout, key };
  });
}

/** The pair that signs service-account tokens: RSA, as every client understands it. */
export function makeTokenKeys(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** The openssl configuration of one request. Names go through a file, where no character of them separates fields. */
function requestConfig(subject: Subject, extensions: readonly string[]): string {
  const lines = ['[req]', 'prompt=no', 'distinguished_name=subject', 'string_mask=utf8only', 'utf8=yes'];
  if (extensions.length > 0) lines.push('x509_extensions=extensions');
  lines.push('[subject]');
  subject.organizations.forEach((name, index) => lines.push(`${index}.O=${checkedName(name)}`));
  lines.push(`CN=${checkedName(subject.commonName)}`);
  if (extensions.length > 0) lines.push('[extensions]', ...extensions);
  return `${lines.join('\n')}\n`;
}

function certificateExtensions(request: CertificateRequest): string[] {
  const lines = [
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature,keyEncipherment',
    `extendedKeyUsage=${request.usage === 'server' ? 'serverAuth' : 'clientAuth'}`,
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
  ];
  if (request.names !== undefined) lines.push(`subjectAltName=${request.names.join(',')}`);
  return lines;
}

/** Kubernetes user and group names as we use them; anything else could change the meaning of the configuration file. */
function checkedName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/.test(name)) {
    throw new Error(`"${name}" cannot be a certificate name: up to 64 of A-Z, a-z, 0-9 and ":._-"`);
  }
  return name;
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function withScratch<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'urumi-pki-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export async function readKeyPair(dir: string, name: string): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(join(dir, `${name}.crt`), 'utf8'),
    readFile(join(dir, `${name}.key`), 'utf8'),
  ]);
  return { certificate, key };
}

export async function writeKeyPair(dir: string, name: string, pair: KeyPair): Promise<void> {
  await writeFile(join(dir, `${name}.key`), pair.key, { mode: 0o600 });
  await writeFile(join(dir, `${name}.crt`), pair.certificate);
}
