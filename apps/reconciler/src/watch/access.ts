/**
 * How to reach the API server: a kubeconfig, or the account mounted into a pod. Read anew whenever its file changes, for a
 * cluster may be made, or made again, while this process runs. Nothing here is logged.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DomainError } from '@urumi/shared/domain/errors';
import { parse } from 'yaml';
import { z } from 'zod';

export interface ClusterAccess {
  readonly server: URL;
  readonly tls: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
    readonly servername?: string | undefined;
    readonly rejectUnauthorized: boolean;
  };
  readonly token: string | null;
}

/** Returns the same object as long as nothing changed. @throws DomainError `cluster.unreachable` */
export type ReadAccess = () => Promise<ClusterAccess>;

const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url({ protocol: /^https?$/ }),
        'certificate-authority': z.string().optional(),
        'certificate-authority-data': z.string().optional(),
        'insecure-skip-tls-verify': z.boolean().optional(),
        'tls-server-name': z.string().optional(),
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: z.string().optional(),
        tokenFile: z.string().optional(),
        'client-certificate': z.string().optional(),
        'client-certificate-data': z.string().optional(),
        'client-key': z.string().optional(),
        'client-key-data': z.string().optional(),
      }),
    }),
  ),
});

/** Access by a kubeconfig file, with a token or a client certificate (no login plugins: a service runs without a person). */
export function buildKubeconfigReader(path: string): ReadAccess {
  return cacheByFile(path, async () => {
    const parsed = kubeconfigSchema.safeParse(parse(await readFile(path, 'utf8')));
    if (!parsed.success) throw new Error(`the kubeconfig does not parse: ${z.prettifyError(parsed.error)}`);
    const config = parsed.data;
    const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
    const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
    const user = config.users.find(({ name }) => name === context?.user)?.user;
    if (!cluster || !user) throw new Error('the current context of the kubeconfig names no cluster and user');

    const read = (file: string) => readFile(resolve(dirname(path), file), 'utf8');
    const pick = async (data: string | undefined, file: string | undefined): Promise<string | undefined> => {
      if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
      return file === undefined ? undefined : read(file);
    };
    return {
      server: new URL(cluster.server),
      tls: {
        ca: await pick(cluster['certificate-authority-data'], cluster['certificate-authority']),
        cert: await pick(user['client-certificate-data'], user['client-certificate']),
        key: await pick(user['client-key-data'], user['client-key']),
        servername: cluster['tls-server-name'],
        rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
      },
      token: user.token ?? (user.tokenFile === undefined ? null : (await read(user.tokenFile)).trim()),
    };
  });
}

/** Access by the account that Kubernetes mounts into a pod. Its token is renewed in place, hence the cache by file. */
export function buildPodReader(
  host: string,
  port: number,
  folder = '/var/run/secrets/kubernetes.io/serviceaccount',
): ReadAccess {
  return cacheByFile(resolve(folder, 'token'), async () => ({
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    tls: { ca: await readFile(resolve(folder, 'ca.crt'), 'utf8'), rejectUnauthorized: true },
    token: (await readFile(resolve(folder, 'token'), 'utf8')).trim(),
  }));
}

function cacheByFile(path: string, read: () => Promise<ClusterAccess>): ReadAccess {
  let cached: { readonly mark: string; readonly access: Promise<ClusterAccess> } | null = null;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const mark = `${mtimeMs} ${size} ${ino}`;
      // The promise is kept, not its value: watches start together and must end up with one and the same access.
      if (cached?.mark !== mark) cached = { mark, access: read() };
      return await cached.access;
    } catch (error) {
      // A file caught half-written keeps its mark for a moment; what failed is read again.
      cached = null;
      const message = error instanceof Error ? error.message : String(error);
      throw new DomainError('cluster.unreachable', {}, { cause: error, message: `no access to a cluster: ${message}` });
    }
  };
}
