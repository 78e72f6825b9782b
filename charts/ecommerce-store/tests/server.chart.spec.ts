/** A real API server takes every object without a warning, and every pod under Pod Security *restricted*. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubeBinDir, startApiServer, type ApiServer } from '../../testing/api-server.ts';
import { podTemplates } from '../../testing/objects.ts';
import { componentsOf, engines, renderStore, routes, sizes, valuesFor } from '../../testing/store-chart.ts';

const namespace = 'store-k7m2q0l1';

describe.skipIf(kubeBinDir === undefined)(
  'on a real API server (needs KUBE_BIN_DIR, or the binaries beside HELM_BIN)',
  () => {
    let server: ApiServer;

    beforeAll(async () => {
      server = await startApiServer(kubeBinDir ?? '');
      await apply([
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: namespace,
            labels: {
              'pod-security.kubernetes.io/enforce': 'restricted',
              'pod-security.kubernetes.io/warn': 'restricted',
            },
          },
        },
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'store-shop', namespace } },
      ]);
    }, 120_000);

    afterAll(async () => server?.stop());

    const rows = engines.flatMap((engine) => routes.map((route) => ({ engine, route })));

    test.each(engines.flatMap((engine) => sizes.map((size) => ({ engine, size }))))(
      '$engine, size $size: every object',
      async ({ engine, size }) => {
        await apply(await renderStore(valuesFor(engine, { size, setup: { route: 'scratch' } })), [
          '--dry-run=server',
          '--warnings-as-errors',
          '--namespace',
          namespace,
        ]);
      },
    );

    test.each(rows)('$engine, $route: every pod', async ({ engine, route }) => {
      const objects = await renderStore(valuesFor(engine, { setup: { route } }));
      const pods = podTemplates(objects).map(({ owner, template }) => ({
        ...template,
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...template.metadata, name: owner.metadata.name },
      }));
      expect(pods).toHaveLength(componentsOf(engine, route).length);
      await apply(pods, ['--dry-run=server', '--warnings-as-errors', '--namespace', namespace]);
    });

    test('a pod that is not restricted is refused, so the check above can fail', async () => {
      const overrides = JSON.stringify({ spec: { serviceAccountName: 'store-shop' } });
      const args = ['run', 'root', '--image=a', '--overrides', overrides, '--namespace', namespace, '--dry-run=server'];
      const run = await server.kubectl(args);
      expect(run.stderr).toContain('violates PodSecurity "restricted:latest"');
    });

    async function apply(objects: readonly object[], args: readonly string[] = []): Promise<void> {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      const run = await server.kubectl(['apply', '--filename', '-', ...args], { input: JSON.stringify(list) });
      expect(run.stderr).toBe('');
      expect(run.code).toBe(0);
    }
  },
);
