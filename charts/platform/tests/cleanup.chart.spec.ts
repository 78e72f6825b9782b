/** `scripts/cleanup.sh`: what it shows, what it refuses, and that it removes exactly what was agreed to. */
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubeBinDir, startApiServer, type ApiServer } from '../../testing/api-server.ts';
import { run } from '../../testing/process.ts';

const script = fileURLToPath(new URL('../../../scripts/cleanup.sh', import.meta.url));

test.each(['', 'kube-system', 'store-abcd1234', '../default', 'ABCD1234', 'abcd1234;rm'])(
  'no id: %j is refused before anything is asked',
  async (id) => {
    const result = await run('bash', [script, id], { env: { PATH: process.env['PATH'], KUBECTL: '/bin/false' } });
    expect([result.code, result.stderr.includes('Not the id of a store')]).toEqual([2, true]);
  },
);

describe.skipIf(kubeBinDir === undefined)(
  'on a real API server (needs KUBE_BIN_DIR, or the binaries beside HELM_BIN)',
  () => {
    let server: ApiServer;
    beforeAll(async () => {
      server = await startApiServer(kubeBinDir ?? '');
    }, 120_000);
    afterAll(async () => server?.stop());

    test('promise 12: a namespace without the stamp, or one that is not being deleted, is refused', async () => {
      const marks = (installation: string | null, storeId: string, wish: object) => ({
        labels: {
          ...(installation === null ? {} : { 'urumi.dev/installation': installation }),
          'urumi.dev/store-id': storeId,
        },
        annotations: wish,
      });
      const stamp = { 'urumi.dev/wish': '{}' };
      for (const [id, bears] of [
        ['noone123', marks(null, 'noone123', stamp)],
        ['other123', marks('urumi', 'else1234', stamp)],
        ['plain123', marks('urumi', 'plain123', {})],
      ] as const) {
        await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `store-${id}`, ...bears } });
        await kubectl('delete', 'namespace', `store-${id}`, '--wait=false');
        const result = await cleanup(id, '--yes');
        expect([id, result.code, result.stderr.includes("Urumi's stamp")]).toEqual([id, 3, true]);
      }
      await makeNamespace('alive123');
      const result = await cleanup('alive123', '--yes');
      expect([result.code, result.stderr.includes('not being deleted')]).toEqual([3, true]);
      expect(await cleanup('never123')).toMatchObject({ code: 0 });
    });

    test('F26: shows object and finalizer, and without the typed id changes nothing', async () => {
      await makeNamespace('stuck123');
      await hold('stuck123', 'configmap', 'kept', ['example.com/hold']);
      await kubectl('delete', 'namespace', 'store-stuck123', '--wait=false');
      for (const typed of ['', 'yes\n', 'other123\n']) {
        const result = await cleanup('stuck123', { input: typed });
        expect(result.code).toBe(4);
        expect(result.stdout).toContain('remove the finalizers ["example.com/hold"] from configmaps/kept');
      }
      expect(await finalizersOf('stuck123', 'configmap', 'kept')).toBe('["example.com/hold"]');
    });

    test('F26: with the typed id removes exactly that, and records who did it', async () => {
      const result = await cleanup('stuck123', { input: 'stuck123\n' });
      // No controller runs here that would remove the namespace itself.
      expect(result.code, result.stderr).toBe(1);
      expect(await finalizersOf('stuck123', 'configmap', 'kept')).toBe('');
      const events = await kubectl('get', 'events', '-n', 'default', '-o', 'jsonpath={.items[*].message}');
      expect(events).toContain('administrator freed store-stuck123: configmaps kept');
      const note = await kubectl('get', 'namespace', 'store-stuck123', '-o', 'jsonpath={.metadata.annotations}');
      expect(note).toContain('urumi.dev/cleanup');
    });

    test('F25: a dead aggregated API is named with its command, and never removed', async () => {
      await makeNamespace('dead1234');
      await kubectl('delete', 'namespace', 'store-dead1234', '--wait=false');
      const service = { name: 'gone', namespace: 'default' };
      const spec = { group: 'example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service };
      const kind = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' };
      await apply({ ...kind, metadata: { name: 'v1.example.com' }, spec: { ...spec, insecureSkipTLSVerify: true } });
      await expect
        .poll(async () => (await cleanup('dead1234', '--yes')).stdout, { timeout: 30_000, interval: 1_000 })
        .toContain('kubectl delete apiservice v1.example.com');
      expect(await kubectl('get', 'apiservice', 'v1.example.com', '-o', 'name')).toContain('v1.example.com');
    });

    async function makeNamespace(id: string): Promise<void> {
      const labels = { 'urumi.dev/installation': 'urumi', 'urumi.dev/store-id': id };
      const annotations = { 'urumi.dev/wish': '{}' };
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `store-${id}`, labels, annotations } });
    }

    async function hold(id: string, kind: string, name: string, finalizers: readonly string[]): Promise<void> {
      await kubectl('create', kind, name, '-n', `store-${id}`);
      const patch = JSON.stringify({ metadata: { finalizers } });
      await kubectl('patch', kind, name, '-n', `store-${id}`, '--type=merge', '-p', patch);
    }

    async function finalizersOf(id: string, kind: string, name: string): Promise<string> {
      return kubectl('get', kind, name, '-n', `store-${id}`, '-o', 'jsonpath={.metadata.finalizers}');
    }

    async function apply(object: object): Promise<void> {
      const result = await server.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
      expect(result.code, result.stderr).toBe(0);
    }

    async function kubectl(...args: readonly string[]): Promise<string> {
      const result = await server.kubectl(args);
      expect(result.code, result.stderr).toBe(0);
      return result.stdout;
    }

    async function cleanup(id: string, how: '--yes' | { readonly input: string } = { input: '' }) {
      const args = [script, id, '--kubeconfig', server.kubeconfig, ...(how === '--yes' ? ['--yes'] : [])];
      // kubectl keeps a cache at home; without one it would begin it here.
      const env = {
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        KUBECTL: join(kubeBinDir ?? '', 'kubectl'),
        WAIT_SECONDS: '1',
      };
      return run('bash', args, { input: how === '--yes' ? '' : how.input, env });
    }
  },
);
