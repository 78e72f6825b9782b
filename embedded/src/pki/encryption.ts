/** Encryption of Secrets at rest: what the API server writes to etcd, and so to disk, is unreadable without this key. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ENCRYPTION_FILE = 'encryption.json';

/** Makes the key where there is none; without it nobody reads the cluster's Secrets again. Safe to repeat and to kill. */
export async function ensureEncryptionKey(pkiDir: string): Promise<void> {
  const file = join(pkiDir, ENCRYPTION_FILE);
  if (existsSync(file)) return;
  const secret = randomBytes(32).toString('base64');
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [
      {
        resources: ['secrets'],
        // The last one only reads: Secrets of a state that was made before there was a key.
        providers: [{ secretbox: { keys: [{ name: 'key1', secret }] } }, { identity: {} }],
      },
    ],
  };
  await writeFile(`${file}.partial`, JSON.stringify(config), { mode: 0o600 });
  await rename(`${file}.partial`, file);
}
