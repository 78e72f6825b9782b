/**
 * A bare API server for tests: etcd and kube-apiserver on loopback, data in memory, gone afterwards. No controllers and no nodes:
 * it judges objects, rights and policies, and runs nothing. The binaries come from the folder `KUBE_BIN_DIR`, or from helm's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Run } from './process.ts';

/** Folder of the binaries; without one the tests that need a server are skipped, and say so. */
export const kubeBinDir = findBinaries();

export interface ApiServer {
  readonly kubeconfig: string;
  /** Runs kubectl as the administrator, or as the user `as`. */
  kubectl(args: readonly string[], options?: { readonly input?: string; readonly as?: string }): Promise<Run>;
  /** Ends both processes and removes every file. */
  stop(): Promise<void>;
}

const readyTimeoutMs = 60_000;

/** @throws Error with the end of the server's log where it does not become ready within a minute */
export async function startApiServer(binDir: string): Promise<ApiServer> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'urumi-charts-'));
  const [client, peer, secure] = await freePorts(3);
  const children: ChildProcess[] = [];
  const start = async (name: string, flags: Readonly<Record<string, string>>): Promise<void> => {
    const log = join(folder, `${name}.log`);
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    // `exec` so that the process that is ended is the server itself.
    const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" >"$LOG" 2>&1', join(binDir, name), ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LOG: log },
      stdio: 'ignore',
    });
    children.push(child);
    await once(child, 'spawn');
  };

  const kubeconfig = join(folder, 'kubeconfig');
  const etcdUrl = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(join(folder, 'accounts.key'), keys.privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'accounts.pub'), keys.publicKey);
  await writeFile(join(folder, 'tokens.csv'), 'administrator,administrator,administrator,"system:masters"\n', {
    mode: 0o600,
  });
  await writeFile(kubeconfig, JSON.stringify(buildKubeconfig(`https://127.0.0.1:${secure}`)), { mode: 0o600 });

  const server: ApiServer = {
    kubeconfig,
    kubectl: (args, { input, as } = {}) =>
      run(join(binDir, 'kubectl'), ['--kubeconfig', kubeconfig, ...(as === undefined ? [] : ['--as', as]), ...args], {
        input,
        env: { HOME: folder, PATH: process.env['PATH'] },
      }),
    stop: async () => {
      for (const child of children.toReversed()) await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await start('etcd', {
      'data-dir': join(folder, 'etcd'),
      'unsafe-no-fsync': 'true',
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `default=${peerUrl}`,
    });
    await start('kube-apiserver', {
      'etcd-servers': etcdUrl,
      'bind-address': '127.0.0.1',
      'secure-port': String(secure),
      'cert-dir': folder,
      'advertise-address': '127.0.0.1',
      'endpoint-reconciler-type': 'none',
      'service-cluster-ip-range': '10.97.0.0/16',
      'token-auth-file': 'tokens.csv',
      'authorization-mode': 'RBAC',
      // As on real nodes, so that it is our rules that refuse privilege.
      'allow-privileged': 'true',
      'service-account-issuer': 'https://tests.invalid',
      'service-account-key-file': 'accounts.pub',
      'service-account-signing-key-file': 'accounts.key',
    });
    await untilReady(server, join(folder, 'kube-apiserver.log'));
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function findBinaries(): string | undefined {
  const { KUBE_BIN_DIR: named, HELM_BIN: helm } = process.env;
  if (named !== undefined) return named;
  const beside = helm === undefined ? undefined : dirname(helm);
  if (beside === undefined) return undefined;
  return ['etcd', 'kube-apiserver', 'kubectl'].every((name) => existsSync(join(beside, name))) ? beside : undefined;
}

async function untilReady(server: ApiServer, log: string): Promise<void> {
  const until = performance.now() + readyTimeoutMs;
  while ((await server.kubectl(['get', '--raw', '/readyz'])).code !== 0) {
    if (performance.now() > until) {
      const lines = (await readFile(log, 'utf8')).trim().split('\n').slice(-10);
      throw new Error(`the API server did not become ready:\n${lines.join('\n')}`);
    }
    await sleep(200);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening server has no port');
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** The server makes its own certificate for loopback at each start, so nothing could be pinned. */
function buildKubeconfig(server: string) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tests', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'administrator', user: { token: 'administrator' } }],
    contexts: [{ name: 'tests', context: { cluster: 'tests', user: 'administrator' } }],
    'current-context': 'tests',
  };
}
