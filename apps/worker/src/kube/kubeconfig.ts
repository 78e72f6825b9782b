/**
 * Reads the worker's kubeconfig: server, authority, and a certificate or token. Only what an account of ours uses; login
 * plugins are refused. By hand because the official client costs 70 MB of memory for these few fields.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DomainError } from '@urumi/shared/domain/errors';

export interface KubeTarget {
  readonly server: URL;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** Reads the bearer token anew, for the kubelet rotates token files; `null` where a certificate is used. */
  readonly readToken: () => Promise<string | null>;
}

const clusterSchema = z.object({
  server: z.url(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
});
const userSchema = z.object({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  exec: z.never('login plugins are not supported, give a certificate or a token').optional(),
});
const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })),
  users: z.array(z.object({ name: z.string(), user: userSchema })),
});

/** @throws DomainError `cluster.unreachable` where the file is missing, is no kubeconfig, or lacks what it names */
export async function readKubeconfig(path: string): Promise<KubeTarget> {
  try {
    return await readTarget(path);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing ? 'The cluster is not there yet' : "The worker's kubeconfig cannot be used";
    throw new DomainError('cluster.unreachable', {}, { cause: error, message });
  }
}

async function readTarget(path: string): Promise<KubeTarget> {
  const config = kubeconfigSchema.parse(parse(await readFile(path, 'utf8')));
  const { context } = findNamed(config.contexts, config['current-context'], 'context');
  const { cluster } = findNamed(config.clusters, context.cluster, 'cluster');
  const { user } = findNamed(config.users, context.user, 'user');
  const folder = dirname(path);
  const { token, tokenFile } = user;
  return {
    server: new URL(cluster.server),
    ca: await readMaterial(folder, cluster['certificate-authority-data'], cluster['certificate-authority']),
    cert: await readMaterial(folder, user['client-certificate-data'], user['client-certificate']),
    key: await readMaterial(folder, user['client-key-data'], user['client-key']),
    readToken: async () => {
      if (tokenFile !== undefined) return (await readFile(resolve(folder, tokenFile), 'utf8')).trim();
      return token ?? null;
    },
  };
}

/** The API server as the kubelet names it to every pod. */
export interface PodAddress {
  readonly KUBERNETES_SERVICE_HOST: string;
  readonly KUBERNETES_SERVICE_PORT: string;
}

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Writes the kubeconfig of the pod's service account, so that helm and the worker have one way to the cluster. (Helm's
 * own in-cluster mode ignores the account it is told to act as.)
 * @returns path of the file
 */
export async function writePodKubeconfig(
  folder: string,
  { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }: PodAddress,
): Promise<string> {
  const path = join(folder, 'kubeconfig');
  const authority = host.includes(':') ? `[${host}]` : host;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'pod',
    contexts: [{ name: 'pod', context: { cluster: 'pod', user: 'pod' } }],
    clusters: [
      {
        name: 'pod',
        cluster: { server: `https://${authority}:${port}`, 'certificate-authority': `${accountFolder}/ca.crt` },
      },
    ],
    users: [{ name: 'pod', user: { tokenFile: `${accountFolder}/token` } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

function findNamed<T extends { readonly name: string }>(items: readonly T[], name: string, what: string): T {
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`the kubeconfig has no ${what} named "${name}"`);
  return found;
}

async function readMaterial(
  folder: string,
  data: string | undefined,
  file: string | undefined,
): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : readFile(resolve(folder, file));
}
