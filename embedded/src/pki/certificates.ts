/**
 * The certificates of one cluster: made once, then kept, because volumes, tokens and kubeconfigs outlive a start.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { API_SERVICE_ADDRESS, CLUSTER_DOMAIN, NODE_ADDRESS, NODE_NAME } from '../cluster/addresses.ts';
import {
  type CertificateRequest,
  makeAuthority,
  makeCertificate,
  makeTokenKeys,
  readKeyPair,
  writeKeyPair,
} from './openssl.ts';

export const CLUSTER_AUTHORITY = 'ca';
const FRONT_PROXY_AUTHORITY = 'front-proxy-ca';

/** Certificates by file name; each is signed by the cluster's authority unless it says otherwise. */
const CERTIFICATES: Record<string, CertificateRequest & { authority?: typeof FRONT_PROXY_AUTHORITY }> = {
  apiserver: {
    subject: { commonName: 'kube-apiserver', organizations: [] },
    usage: 'server',
    names: [
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      `DNS:kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      'DNS:localhost',
      'IP:127.0.0.1',
      `IP:${API_SERVICE_ADDRESS}`,
      `IP:${NODE_ADDRESS}`,
    ],
  },
  'kubelet-server': {
    subject: { commonName: `system:node:${NODE_NAME}`, organizations: ['system:nodes'] },
    usage: 'server',
    names: [`DNS:${NODE_NAME}`, `IP:${NODE_ADDRESS}`],
  },
  'front-proxy-client': {
    subject: { commonName: 'front-proxy-client', organizations: [] },
    usage: 'client',
    authority: FRONT_PROXY_AUTHORITY,
  },
  'apiserver-kubelet-client': client('apiserver-kubelet-client'),
  admin: client('admin', 'system:masters'),
  'kube-controller-manager': client('system:kube-controller-manager'),
  'kube-scheduler': client('system:kube-scheduler'),
  'kube-proxy': client('system:kube-proxy'),
  kubelet: client(`system:node:${NODE_NAME}`, 'system:nodes'),
  coredns: client('urumi:coredns'),
  traefik: client('urumi:traefik'),
  kwok: client('urumi:kwok'),
  provisioner: client('urumi:provisioner'),
  'network-policy': client('urumi:network-policy'),
};

/**
 * Makes the certificates that are not there yet: all in a new state, some when this package has learned new ones.
 *
 * Safe to repeat and to kill: the authorities appear complete or not at all, a certificate is written after its key.
 */
export async function ensureCertificates(pkiDir: string, signal?: AbortSignal): Promise<void> {
  if (!existsSync(pkiDir)) await makeAuthorities(pkiDir, signal);
  const authorities = {
    [CLUSTER_AUTHORITY]: await readKeyPair(pkiDir, CLUSTER_AUTHORITY),
    [FRONT_PROXY_AUTHORITY]: await readKeyPair(pkiDir, FRONT_PROXY_AUTHORITY),
  };
  const missing = Object.entries(CERTIFICATES).filter(([name]) => !existsSync(join(pkiDir, `${name}.crt`)));
  await Promise.all(
    missing.map(async ([name, { authority, ...request }]) => {
      const signer = authorities[authority ?? CLUSTER_AUTHORITY];
      await writeKeyPair(pkiDir, name, await makeCertificate(signer, request, signal));
    }),
  );
}

async function makeAuthorities(pkiDir: string, signal?: AbortSignal): Promise<void> {
  const partial = `${pkiDir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await writeKeyPair(partial, CLUSTER_AUTHORITY, await makeAuthority('urumi-embedded-ca', signal));
  await writeKeyPair(partial, FRONT_PROXY_AUTHORITY, await makeAuthority('urumi-embedded-front-proxy-ca', signal));
  const tokens = makeTokenKeys();
  await writeFile(join(partial, 'service-accounts.key'), tokens.privateKey, { mode: 0o600 });
  await writeFile(join(partial, 'service-accounts.pub'), tokens.publicKey);
  await rename(partial, pkiDir);
}

function client(commonName: string, ...organizations: string[]): CertificateRequest {
  return { subject: { commonName, organizations }, usage: 'client' };
}
