/**
 * What the worker relies on in Helm 4, on a real API server without controllers. Where one of these ends to hold, unlock
 * and adoption (architecture, section 4) have to change.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDomainError, type ErrorCode } from '@urumi/shared/domain/errors';
import { generateStoreId } from '@urumi/shared/domain/store-id';
import { kubeBinDir, startApiServer, type ApiServer } from '@urumi/charts/testing/api-server';
import { readTicks, ticksPerSecond } from '../attempt/clock.ts';
import { buildGuard } from '../attempt/guard.ts';
import { toInstallerUser } from '../kube/access.ts';
import { KubeClient } from '../kube/client.ts';
import { Releases } from '../kube/releases.ts';
import { Helm } from './helm.ts';
import { PrivateFolder } from './private-folder.ts';
import type { StoreValues } from './values.ts';

const chart = fileURLToPath(new URL('../../test/fixtures/contract-chart', import.meta.url));
const never = new AbortController().signal;
/** Enough objects for helm to be caught in the middle. */
const many = 300;

describe.skipIf(kubeBinDir === undefined)(
  'Helm 4, with a real API server (needs KUBE_BIN_DIR)',
  { timeout: 60_000 },
  () => {
    let server: ApiServer;
    let kubeconfig: string;
    let folder: PrivateFolder;
    let client: KubeClient;
    let releases: Releases;
    let helm: Helm;
    let bin: string;

    beforeAll(async () => {
      server = await startApiServer(kubeBinDir ?? '');
      const parent = await mkdtemp(join(tmpdir(), 'urumi-helm-'));
      folder = await PrivateFolder.make(parent, { warn: () => undefined });
      kubeconfig = join(folder.path, 'kubeconfig');
      const { clusters, ...rest } = JSON.parse(await readFile(server.kubeconfig, 'utf8')) as {
        clusters: { cluster: { server: string } }[];
      };
      const authority = join(dirname(server.kubeconfig), 'apiserver.crt');
      const cluster = { server: clusters[0]?.cluster.server, 'certificate-authority': authority };
      await writeFile(kubeconfig, JSON.stringify({ ...rest, clusters: [{ name: 'tests', cluster }] }));
      client = new KubeClient(kubeconfig);
      releases = new Releases(client);
      bin = process.env['HELM_BIN'] ?? join(kubeBinDir ?? '', 'helm');
      helm = new Helm({ bin, chart, kubeconfig, timeoutMs: 60_000, folder, searchPath: process.env['PATH'] ?? '' });
    }, 120_000);

    afterAll(async () => {
      client?.close();
      await server?.stop();
      await folder?.remove();
    });

    it('installs with values from stdin, as the installer, and labels its own Secret', async () => {
      const id = await makeStore();
      await upgrade(id, { text: 'a "quoted" $(text) {{ .Values }}' });
      expect(await kubectl('-n', `store-${id}`, 'get', 'configmap', 'said', '-o', 'jsonpath={.data.text}')).toBe(
        'a "quoted" $(text) {{ .Values }}',
      );
      expect(await releases.readNewest(id, never)).toMatchObject({
        revision: 1,
        status: 'deployed',
        generation: 1,
        chartVersion: '0.1.0_test',
      });
    });

    it.each(['pending-install', 'pending-upgrade'] as const)(
      'killed mid-way leaves %s and refuses to go on; with that Secret dropped it goes on and keeps what was made',
      async (status) => {
        const id = await makeStore();
        if (status === 'pending-upgrade') await upgrade(id, {});
        const before = status === 'pending-upgrade' ? await readKept(id) : null;
        await killMidway(id, status);
        expect(await failureOf(id, {})).toBe('helm.release-pending');

        const pending = await releases.readNewest(id, never);
        expect(pending?.status).toBe(status);
        const made = await readKept(id);
        if (before !== null) expect(made).toBe(before);
        if (pending !== null) await releases.drop(id, pending, never);
        await upgrade(id, { count: many }, 2);
        expect(await releases.readNewest(id, never)).toMatchObject({ status: 'deployed', generation: 2 });
        // A Secret is among the first things that helm makes.
        expect(made).not.toBe('');
        expect(await readKept(id)).toBe(made);
        expect(
          (await kubectl('-n', `store-${id}`, 'get', 'configmaps', '-o', 'name')).split('\n').filter(Boolean).length,
        ).toBe(many + 1);
      },
      180_000,
    );

    it('adopts objects that bear its marks where every release Secret is gone', async () => {
      const id = await makeStore();
      await upgrade(id, {});
      const made = await readKept(id);
      await kubectl('-n', `store-${id}`, 'delete', 'secrets', '-l', 'owner=helm');
      expect(await releases.readNewest(id, never)).toBeNull();
      await upgrade(id, {}, 2);
      expect(await releases.readNewest(id, never)).toMatchObject({ revision: 1, status: 'deployed' });
      expect(await readKept(id)).toBe(made);
    });

    it('is ended by SIGTERM with a release that failed, and goes on from there', async () => {
      const id = await makeStore();
      const stopping = new AbortController();
      const run = upgrade(id, { count: many }, 1, stopping.signal);
      const told = expect(run).rejects.toThrow('enough');
      await untilStatus(id, 'pending-install');
      stopping.abort(new Error('enough'));
      await told;
      expect((await releases.readNewest(id, never))?.status).toBe('failed');
      await upgrade(id, {}, 2);
      expect((await releases.readNewest(id, never))?.status).toBe('deployed');
    });

    it('applies again over a release that somebody installed by hand, and over a field that somebody holds', async () => {
      const id = await makeStore();
      await upgrade(id, { text: 'ours' });
      const args = [
        'upgrade',
        'store',
        chart,
        '--kubeconfig',
        server.kubeconfig,
        '-n',
        `store-${id}`,
        '--set',
        'text=theirs',
      ];
      await ended(spawn(bin, [...args, '--force-conflicts'], { stdio: 'ignore' }));
      expect(await releases.readNewest(id, never)).toMatchObject({ status: 'deployed', generation: null });
      await kubectl('-n', `store-${id}`, 'patch', 'configmap', 'said', '-p', '{"data":{"text":"by hand"}}');
      await upgrade(id, { text: 'ours' }, 2);
      expect(await kubectl('-n', `store-${id}`, 'get', 'configmap', 'said', '-o', 'jsonpath={.data.text}')).toBe(
        'ours',
      );
      expect(await releases.readNewest(id, never)).toMatchObject({ status: 'deployed', generation: 2 });
    });

    describe('says why it fails in words we know:', () => {
      type Prepare = (id: string) => Promise<unknown>;
      const inNamespace = (id: string, ...args: string[]) => kubectl('-n', `store-${id}`, ...args);
      const cases: readonly (readonly [string, ErrorCode, StoreValues, Prepare?])[] = [
        ['a requirement of the chart', 'helm.values-rejected', { refuse: true }],
        ['an invalid object', 'helm.object-rejected', { port: 99_999_999 }],
        [
          'a full quota',
          'helm.quota-exceeded',
          { port: 80 },
          (id) => inNamespace(id, 'create', 'quota', 'q', '--hard=services=0'),
        ],
        [
          'an immutable field',
          'helm.immutable-field',
          { jobLabel: 'second' },
          (id) => upgrade(id, { jobLabel: 'first' }),
        ],
        [
          'an object that is not ours',
          'helm.ownership-conflict',
          {},
          (id) => inNamespace(id, 'create', 'configmap', 'said'),
        ],
        [
          'a missing right',
          'cluster.forbidden',
          {},
          (id) => inNamespace(id, 'delete', 'rolebinding', 'store-installer'),
        ],
        [
          'a namespace on its way out',
          'cluster.busy',
          {},
          (id) => kubectl('delete', 'namespace', `store-${id}`, '--wait=false'),
        ],
        ['a webhook that is away', 'helm.unclassified', {}, (id) => makeWebhook(id)],
      ];
      for (const [name, code, values, prepare] of cases) {
        it(`${name} is ${code}`, async () => {
          const id = await makeStore();
          await prepare?.(id);
          if (code === 'helm.quota-exceeded') await untilQuotaActs(id);
          expect(await failureOf(id, values, 2)).toBe(code);
          expect((await releases.readNewest(id, never).catch(() => null))?.status ?? 'none').not.toMatch(/^pending/);
        });
      }

      it('an API server that is not there is cluster.unreachable', async () => {
        const nowhere = join(folder.path, 'nowhere');
        await writeFile(nowhere, (await readFile(kubeconfig, 'utf8')).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9'));
        const lost = new Helm({
          bin,
          chart,
          kubeconfig: nowhere,
          timeoutMs: 60_000,
          folder,
          searchPath: process.env['PATH'] ?? '',
        });
        await expect(lost.upgrade(await request(generateStoreId(), {}, 1, never))).rejects.toMatchObject({
          code: 'cluster.unreachable',
        });
      });
    });

    /** A namespace with an installer who may do everything in it. */
    async function makeStore(): Promise<string> {
      const id = generateStoreId();
      const namespace = `store-${id}`;
      await kubectl('create', 'namespace', namespace);
      const role = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'all', namespace },
        rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
      };
      expect((await server.kubectl(['apply', '-f', '-'], { input: JSON.stringify(role) })).code).toBe(0);
      await kubectl(
        '-n',
        namespace,
        'create',
        'rolebinding',
        'store-installer',
        '--role=all',
        `--user=${toInstallerUser(id)}`,
      );
      await expect
        .poll(
          () => server.kubectl(['-n', namespace, 'auth', 'can-i', 'create', 'secrets', '--as', toInstallerUser(id)]),
          { timeout: 10_000 },
        )
        .toMatchObject({ code: 0 });
      return id;
    }

    async function request(id: string, values: StoreValues, generation: number, signal: AbortSignal) {
      const newest = await releases.readNewest(id, never).catch(() => null);
      return {
        namespace: `store-${id}`,
        asUser: toInstallerUser(id),
        generation,
        revision: (newest?.revision ?? 0) + 1,
        chartVersion: '0.1.0+test',
        values,
        guard: buildGuard({ deadline: readTicks() + 60 * ticksPerSecond, onDeadline: () => () => undefined }),
        signal,
      };
    }

    async function upgrade(id: string, values: StoreValues, generation = 1, signal = never): Promise<void> {
      await helm.upgrade(await request(id, values, generation, signal));
    }

    async function failureOf(id: string, values: StoreValues, generation = 1): Promise<ErrorCode | null> {
      try {
        await upgrade(id, values, generation);
        return null;
      } catch (error) {
        if (!isDomainError(error)) throw error;
        return error.code;
      }
    }

    /** Ends helm's whole group once its release is pending, as a guard does. */
    async function killMidway(id: string, status: string): Promise<void> {
      const args = [
        'upgrade',
        'store',
        chart,
        '--install',
        '--kubeconfig',
        server.kubeconfig,
        '-n',
        `store-${id}`,
        '-f',
        '-',
      ];
      const child = spawn(bin, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
      child.stdin.end(JSON.stringify({ count: many }));
      // It stands still while we look, or it could come to its end meanwhile.
      const look = async (): Promise<boolean> => {
        child.kill('SIGCONT');
        await sleep(20);
        child.kill('SIGSTOP');
        if ((await releases.readNewest(id, never))?.status !== status) return false;
        // An upgrade finds it there; an install has to make it first.
        return (await readKept(id)) !== '';
      };
      await expect.poll(look, { interval: 0, timeout: 60_000 }).toBe(true);
      child.kill('SIGKILL');
      await ended(child);
    }

    async function untilStatus(id: string, status: string): Promise<void> {
      await expect
        .poll(async () => (await releases.readNewest(id, never))?.status, { interval: 20, timeout: 20_000 })
        .toBe(status);
    }

    async function readKept(id: string): Promise<string> {
      return (await server.kubectl(['-n', `store-${id}`, 'get', 'secret', 'kept', '-o', 'jsonpath={.data.password}']))
        .stdout;
    }

    async function untilQuotaActs(id: string): Promise<void> {
      if ((await kubectl('-n', `store-${id}`, 'get', 'quota', '-o', 'name')) === '') return;
      // No controller counts here: the test says what one would.
      const status = '{"status":{"hard":{"services":"0"},"used":{"services":"0"}}}';
      await kubectl('-n', `store-${id}`, 'patch', 'quota', 'q', '--subresource=status', '--type=merge', '-p', status);
      await sleep(1_000);
    }

    async function makeWebhook(id: string): Promise<void> {
      const object = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'away' },
        webhooks: [
          {
            name: 'away.example.com',
            clientConfig: { url: 'https://127.0.0.1:9/away' },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `store-${id}` } },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            timeoutSeconds: 2,
          },
        ],
      };
      const run = await server.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
      expect(run.code, run.stderr).toBe(0);
      await expect
        .poll(() => server.kubectl(['-n', `store-${id}`, 'create', 'configmap', 'probe', '--dry-run=server']), {
          timeout: 10_000,
        })
        .toMatchObject({ code: 1 });
    }

    async function kubectl(...args: readonly string[]): Promise<string> {
      const run = await server.kubectl(args);
      expect(run.code, run.stderr).toBe(0);
      return run.stdout;
    }
  },
);

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve));
  }
}
