/**
 * Kubeconfig files as this package writes and reads them: JSON, which every reader of kubeconfigs takes as YAML.
 */
import { readFileSync } from 'node:fs';

import { writeFileAtomic } from '../base/files.ts';
import type { KeyPair } from '../pki/openssl.ts';

/** What a client needs to reach the API as somebody. */
export interface Credentials {
  server: string;
  authority: string;
  certificate: string;
  key: string;
}

function renderKubeconfig(name: string, credentials: Credentials): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: credentials.server, 'certificate-authority-data': base64(credentials.authority) } },
    ],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(credentials.certificate),
          'client-key-data': base64(credentials.key),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes a kubeconfig that only its user can read. */
export function saveKubeconfig(input: {
  file: string;
  name: string;
  server: string;
  authority: string;
  pair: KeyPair;
}): void {
  const { file, name, server, authority, pair } = input;
  writeFileAtomic(file, renderKubeconfig(name, { server, authority, ...pair }), 0o600);
}

/** Reads a kubeconfig that this package wrote. @throws Error for any other shape */
export function readKubeconfig(file: string): Credentials {
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    clusters?: { cluster?: Record<string, string> }[];
    users?: { user?: Record<string, string> }[];
  };
  const cluster = config.clusters?.[0]?.cluster;
  const user = config.users?.[0]?.user;
  const decoded = (value: string | undefined, what: string): string => {
    if (value === undefined) throw new Error(`${file}: no ${what}`);
    return Buffer.from(value, 'base64').toString('utf8');
  };
  const server = cluster?.['server'];
  if (server === undefined) throw new Error(`${file}: no server`);
  return {
    server,
    authority: decoded(cluster?.['certificate-authority-data'], 'authority'),
    certificate: decoded(user?.['client-certificate-data'], 'client certificate'),
    key: decoded(user?.['client-key-data'], 'client key'),
  };
}
