/**
 * The image of Urumi's services and its Redis at work, without a cluster: from their unpacked layers, as their users, on a
 * read-only root, on loopback ports. What a cluster adds is the platform chart's matter.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BINARY_GROUPS } from '@urumi/embedded/binaries/catalog';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildImages } from '../build.ts';
import { cacheFolder } from '../lib/cache.ts';
import type { RunConfig } from '../lib/recipes/types.ts';
import { run } from '../lib/run.ts';
import { ownFolder, place, start, unpackImage, type Container } from '../testing/container.ts';
import { freePort, waitFor } from './waiting.ts';

const isRoot = process.getuid?.() === 0;
const minute = 60_000;
const project = resolve(import.meta.dirname, '../..');
const services = ['api', 'worker', 'reconciler'] as const;
type Service = (typeof services)[number];

/** What the platform chart gives its Redis, but for users of its own. */
const redisFlags = [
  '--dir',
  '/data',
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--maxmemory-policy',
  'noeviction',
];

describe.skipIf(!isRoot)("the image of Urumi's services (needs root)", { timeout: 5 * minute }, () => {
  let folder: string;
  let root: string;
  let tar: string;
  let config: RunConfig;
  let redisConfig: RunConfig;
  const running: Container[] = [];

  const remember = (container: Container): Container => {
    running.push(container);
    return container;
  };
  const startCommand = (command: string[], env: Record<string, string> = {}): Container =>
    remember(start({ root, config, env, writable: ['tmp'], command }));
  const startService = (service: string, env: Record<string, string> = {}): Container =>
    startCommand([...config.Entrypoint, service], env);
  const startRedis = async (): Promise<string> => {
    const port = await freePort();
    const container = remember(
      start({
        root: join(folder, 'redis'),
        config: redisConfig,
        env: {},
        writable: ['data', 'tmp'],
        command: [...redisConfig.Entrypoint, ...redisFlags, '--bind', '127.0.0.1', '--port', String(port)],
      }),
    );
    await waitFor(() => container.output().includes('Ready to accept connections'), container.output);
    return `redis://127.0.0.1:${port}`;
  };
  const ask = async (url: string): Promise<number> => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    return answer?.status ?? 0;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'urumi-services-'));
    root = join(folder, 'urumi');
    const [image, redis] = await buildImages(['urumi', 'redis']);
    if (image === undefined || redis === undefined) throw new Error('an image is missing');
    tar = image.tar;
    config = await unpackImage(tar, root);
    redisConfig = await unpackImage(redis.tar, join(folder, 'redis'));
    ownFolder(root, 'tmp', config);
    for (const path of ['data', 'tmp']) ownFolder(join(folder, 'redis'), path, redisConfig);
    place(root, 'run/secrets/urumi/auth/token', 'a token of thirty-two characters.');
  }, 30 * minute);
  afterEach(async () => {
    for (const container of running.splice(0)) await container.kill();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(services)('%s ends with a sentence when its settings are missing', async (service) => {
    const container = startService(service);
    expect(await container.ended).toBe(1);
    expect(container.output()).toMatch(/The configuration has \d+ fault\(s\):\n +- REDIS_URL: /);
  });

  it('says which services there are', async () => {
    const container = startService('scheduler');
    expect(await container.ended).toBe(2);
    expect(container.output()).toMatch(/^urumi: .*api, worker or reconciler.*"scheduler"/);
  });

  it('runs its services on its own Redis, as nobody special, and ends them when asked', async () => {
    const redisUrl = await startRedis();
    const ports = Object.fromEntries(
      await Promise.all(services.map(async (service) => [service, await freePort()] as const)),
    ) as Record<Service, number>;
    const httpPort = await freePort();
    const containers = services.map((service) =>
      startService(service, {
        REDIS_URL: redisUrl,
        OPS_PORT: String(ports[service]),
        HTTP_PORT: String(httpPort),
        URUMI_ADMIN_TOKEN_FILE: '/run/secrets/urumi/auth/token',
        // Nothing answers there: a service waits for its cluster.
        KUBECONFIG: '/run/secrets/urumi/kubeconfig',
      }),
    );
    const report = (): string => containers.map(({ output }) => output()).join('\n');
    for (const service of services)
      await waitFor(async () => (await ask(`http://127.0.0.1:${ports[service]}/readyz`)) === 200, report);

    // What `helm test` asks, as its pod does.
    const script = readFileSync(join(project, 'charts/platform/files/ask.mjs'), 'utf8');
    const test = startCommand(['node', '--input-type=module', '--eval', script], {
      URUMI_URL: `http://127.0.0.1:${httpPort}`,
    });
    expect([await test.ended, test.output()]).toEqual([0, expect.not.stringContaining('FAULT')]);

    for (const container of containers) container.signal('SIGTERM');
    expect(await Promise.all(containers.map(({ ended }) => ended)), report()).toEqual([0, 0, 0]);
  });

  it('runs as a user of its own and can write nowhere but in /tmp', async () => {
    const tries = ['/', '/srv/urumi', '/usr/local/bin', '/etc', '/run', '/tmp'];
    const container = startCommand([
      'sh',
      '-c',
      `id -u; for at in ${tries.join(' ')}; do touch $at/x && echo "wrote $at"; done`,
    ]);
    await container.ended;
    expect(
      container
        .output()
        .split('\n')
        .filter((line) => !line.startsWith('touch:')),
    ).toEqual(['1000', 'wrote /tmp', '']);
  });

  it('takes in processes whose parent has ended', async () => {
    // A shell leaves a child behind, which becomes a child of process 1 and ends.
    const script = `
      const { spawnSync } = require('node:child_process');
      spawnSync('sh', ['-c', 'sleep 0.1 & exit'], { stdio: 'ignore' });
      setTimeout(() => {
        const { readdirSync, readFileSync } = require('node:fs');
        const stats = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((name) => readFileSync('/proc/' + name + '/stat', 'utf8'));
        console.log('zombies', stats.filter((stat) => /\\) Z /.test(stat)).length);
      }, 1000);`;
    const container = startCommand([...config.Entrypoint.slice(0, -1), 'node', '--eval', script]);
    await container.ended;
    expect(container.output()).toBe('zombies 0\n');
  });

  it('holds the helm of the embedded cluster', async () => {
    const pinned = BINARY_GROUPS.find(({ name }) => name === 'helm')?.stamps;
    const container = startCommand(['helm', 'version', '--template', '{{.Version}}']);
    expect([await container.ended, container.output()]).toEqual([0, Object.values(pinned ?? {})[0]]);
  });

  it('holds the store chart, whole', async () => {
    const values = ['engine=medusa', 'host=harbour.localhost', 'urumi.storeId=harbour'];
    const chart = '$STORE_CHART';
    const container = startCommand([
      'sh',
      '-c',
      `"$HELM_BIN" template store "${chart}" --kube-version 1.36.4 ${values.map((pair) => `--set ${pair}`).join(' ')}`,
    ]);
    expect([await container.ended, container.output()]).toEqual([0, expect.stringContaining('kind: StatefulSet')]);
    expect(container.output()).toContain('host: harbour.localhost');
  });

  it('holds nothing that serves only development, no key, and no path of the machine that built it', async () => {
    const find = async (args: string[]): Promise<string[]> =>
      (await run({ file: 'find', args: [root, ...args], timeoutMs: minute })).split('\n').filter((line) => line !== '');
    const development = [
      'typescript',
      'vitest',
      'vite',
      'supertest',
      'fast-check',
      'npm',
      'pnpm',
      'corepack',
      '@types',
    ];
    expect(await find(['-type', 'd', '-path', '*/node_modules/*', '(', ...anyName(development), ')'])).toEqual([]);
    expect(
      await find(['-path', '*/srv/*', '-type', 'f', '(', ...anyName(['*.map', '*.d.ts', '*.spec.js', '*.ts']), ')']),
    ).toEqual([]);
    expect(
      await find(['(', ...anyName(['*.pem', '*.key', '.npmrc', '.env*', 'id_*', 'kubeconfig', '*.kubeconfig']), ')']),
    ).toEqual([]);
    expect(await find(['-type', 'f', '-perm', '/6000'])).toEqual([]);
    const paths = [project, cacheFolder(process.env), join(homedir(), '.local')];
    const args = ['-c', 'grep -rlF "$@" || [ $? = 1 ]', 'sh', ...paths.flatMap((path) => ['-e', path]), root];
    expect(await run({ file: 'sh', args, timeoutMs: 2 * minute })).toBe('');
  });

  it('is small', () => {
    expect(statSync(tar).size / 1e6).toBeLessThan(280);
  });
});

function anyName(names: string[]): string[] {
  return names.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-name', name]);
}
