/** What tells an edited object from one as it was installed: the hash on guardrails, the field managers on everything else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotations } from '@urumi/shared/k8s/labels';
import { dataClaims, guardrails, ingressName } from '@urumi/shared/k8s/names';
import { hashSpec } from '@urumi/shared/k8s/spec-hash';
import { kubeBinDir, startApiServer, type ApiServer } from '../../testing/api-server.ts';
import { runHelm } from '../../testing/helm.ts';
import type { KubeObject } from '../../testing/objects.ts';
import { engines, renderVariant, sizes, storeChart, valuesFor, variants } from '../../testing/store-chart.ts';

const guardKinds = ['NetworkPolicy', 'ResourceQuota', 'LimitRange'];
const isGuard = ({ kind }: KubeObject): boolean => guardKinds.includes(kind);
const hashOf = ({ metadata }: KubeObject) => metadata.annotations?.[annotations.specHash];
const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`;

test.each(variants)('$engine $route $mode $size: every guardrail bears the hash of its spec', async (variant) => {
  const guards = (await renderVariant(variant)).filter(isGuard);
  expect(Object.fromEntries(guards.map((guard) => [nameOf(guard), hashOf(guard)]))).toEqual(
    Object.fromEntries(guards.map((guard) => [nameOf(guard), hashSpec(guard.spec)])),
  );
});

test.each(variants)(
  '$engine $route $mode $size: the guardrails are those that the platform expects',
  async (variant) => {
    const objects = await renderVariant(variant);
    const optional = /^NetworkPolicy store-(internet|shoppers-.*)$/;
    const names = objects.filter(isGuard).map(nameOf);
    expect(names.filter((name) => !optional.test(name)).sort()).toEqual(
      guardrails[variant.engine].map(([kind, name]) => `${kind} ${name}`).sort(),
    );
    const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    expect(claims.sort()).toEqual([...dataClaims].sort());
    const ingresses = objects.filter(({ kind }) => kind === 'Ingress').map(({ metadata }) => metadata.name);
    expect(ingresses).toEqual(variant.mode === 'ingress' ? [ingressName] : []);
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

    const cases = engines.flatMap((engine) =>
      sizes.map((size) => ({ engine, size, namespace: `store-${engine}-${size.toLowerCase()}` })),
    );

    test.each(cases)(
      'F41: $engine $size reads as not edited right after it was installed',
      async ({ engine, size, namespace }) => {
        await kubectl('create', 'namespace', namespace);
        await install(engine, size, namespace);
        for (const guard of await list(guardKinds.join(','), namespace)) {
          expect(hashSpec(guard.spec), nameOf(guard)).toBe(hashOf(guard));
        }
        for (const object of await list('services,ingresses,deployments,statefulsets', namespace)) {
          expect(foreignManagers(object), nameOf(object)).toEqual([]);
        }
      },
    );

    test('F41: an edited guardrail reads as edited, and the next installation mends it', async () => {
      const { namespace } = cases[0] ?? { namespace: '' };
      const edits = [
        ['networkpolicy', 'store-default-deny', '{"spec":{"egress":[{}]}}'],
        ['networkpolicy', 'store-database-ingress', '{"spec":{"ingress":[{}]}}'],
        ['networkpolicy', 'store-dns', '{"spec":{"policyTypes":["Ingress"]}}'],
        ['resourcequota', 'store-quota', '{"spec":{"hard":{"pods":"99"}}}'],
        ['limitrange', 'store-defaults', '{"spec":{"limits":[]}}'],
      ] as const;
      for (const [kind, name, patch] of edits) {
        await kubectl('patch', kind, name, '--namespace', namespace, '--type=merge', '--patch', patch);
        const [edited] = await list(kind, namespace, name);
        expect(hashSpec(edited?.spec), name).not.toBe(edited && hashOf(edited));
      }
      await kubectl('delete', 'networkpolicy', 'store-test-egress', '--namespace', namespace);
      await install('woocommerce', 'S', namespace);
      for (const guard of await list(guardKinds.join(','), namespace)) {
        expect(hashSpec(guard.spec), nameOf(guard)).toBe(hashOf(guard));
      }
      expect(await list('networkpolicy', namespace, 'store-test-egress')).toHaveLength(1);
    });

    test('F41: an edited Service, route or workload names who edited it', async () => {
      const { namespace } = cases[0] ?? { namespace: '' };
      await kubectl(
        'patch',
        'service',
        'store-web',
        '-n',
        namespace,
        '--type=merge',
        '-p',
        '{"spec":{"ports":[{"name":"http","port":8080,"targetPort":1}]}}',
      );
      await kubectl(
        'patch',
        'ingress',
        ingressName,
        '-n',
        namespace,
        '--type=merge',
        '-p',
        '{"spec":{"ingressClassName":"other"}}',
      );
      await kubectl('scale', 'deployment', 'store-web', '-n', namespace, '--replicas=2');
      const edited = await list('services,ingresses,deployments,statefulsets', namespace);
      expect(edited.flatMap((object) => foreignManagers(object).map((by) => `${nameOf(object)} ${by}`)).sort()).toEqual(
        ['Deployment store-web kubectl', 'Ingress store-shop kubectl-patch', 'Service store-web kubectl-patch'],
      );
    });

    async function install(engine: (typeof engines)[number], size: string, namespace: string): Promise<void> {
      const args = [
        'upgrade',
        '--install',
        'store',
        storeChart,
        '--namespace',
        namespace,
        '--server-side=true',
        '--force-conflicts',
      ];
      const run = await runHelm(
        [...args, '--kubeconfig', server.kubeconfig, '--values', '-'],
        JSON.stringify(valuesFor(engine, { size })),
      );
      expect(run.code, run.stderr).toBe(0);
    }

    async function list(kinds: string, namespace: string, name?: string): Promise<readonly KubeObject[]> {
      const args = ['get', kinds, '--namespace', namespace, '--show-managed-fields', '--output=json'];
      const all = (JSON.parse(await kubectl(...args)) as { items: KubeObject[] }).items;
      return name === undefined ? all : all.filter(({ metadata }) => metadata.name === name);
    }

    async function kubectl(...args: readonly string[]): Promise<string> {
      const run = await server.kubectl(args);
      expect(run.code, run.stderr).toBe(0);
      return run.stdout;
    }
  },
);

/** As the reconciler reads it: who but helm owns a part of the spec. */
function foreignManagers({ metadata }: KubeObject): readonly string[] {
  const { managedFields = [] } = metadata as unknown as {
    managedFields?: readonly { manager: string; operation: string; subresource?: string; fieldsV1?: object }[];
  };
  return managedFields
    .filter(({ manager, operation }) => !(manager === 'helm' && operation === 'Apply'))
    .filter(({ subresource, fieldsV1 = {} }) => subresource !== 'status' && 'f:spec' in fieldsV1)
    .map(({ manager }) => manager);
}
