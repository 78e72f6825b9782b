/** Rights and policies on a real API server: what each identity is allowed, what it is refused, and by which sentence. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { kubeBinDir, startApiServer, type ApiServer } from '../../testing/api-server.ts';
import { runHelm, runTemplate } from '../../testing/helm.ts';
import { platformChart, renderPlatform } from '../../testing/platform-chart.ts';
import { storeChart, valuesFor } from '../../testing/store-chart.ts';

const id = 'k7m2q0l1';
const namespace = `store-${id}`;
const worker = 'urumi:worker';
const api = 'urumi:api';
const reconciler = 'urumi:reconciler';
const toInstaller = (of: string) => `system:serviceaccount:${of}:store-installer`;
const installer = toInstaller(namespace);
const installerSubject = { kind: 'ServiceAccount', name: 'store-installer', namespace };

describe.skipIf(kubeBinDir === undefined)(
  'on a real API server (needs KUBE_BIN_DIR, or the binaries beside HELM_BIN)',
  () => {
    let server: ApiServer;

    beforeAll(async () => {
      server = await startApiServer(kubeBinDir ?? '');
      const { stdout } = await runTemplate({
        chart: platformChart,
        files: [`${platformChart}/values-embedded.yaml`],
        values: {},
        release: 'urumi',
        namespace: 'urumi-system',
      });
      await allowed(['apply', '--server-side', '--filename', '-'], undefined, stdout);
      await allowed(['create', 'namespace', 'store-foreign1']);
      await untilPoliciesAct();
    }, 120_000);

    afterAll(async () => server?.stop());

    describe('the worker', () => {
      test('makes the namespace of a shop and stamps it', async () => {
        await allowed(['create', '--filename', '-'], worker, toNamespace({}));
        await allowed(
          [
            'patch',
            'namespace',
            namespace,
            '--type=merge',
            '-p',
            '{"metadata":{"annotations":{"urumi.dev/wish":"{}"}}}',
          ],
          worker,
        );
      });

      test.each([
        ['of another name', toNamespace({ name: 'kube-foo' }), 'only namespaces named store-<id>'],
        ['without Pod Security', toNamespace({ enforce: 'baseline' }), 'enforces Pod Security restricted'],
        ['with an old Pod Security', toNamespace({ version: 'v1.19' }), 'in its newest version'],
        ['of another installation', toNamespace({ installation: 'other' }), 'carries the label of its installation'],
        ['of another id', toNamespace({ storeId: 'aaaaaaaa' }), 'carries the id in its name'],
      ])('makes no namespace %s', async (_name, object, sentence) => {
        await refused(['create', '--filename', '-', '--dry-run=server'], sentence, worker, object);
      });

      test('lets no namespace go weak, and touches no foreign one', async () => {
        const weaken = '{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}';
        await refused(
          ['patch', 'namespace', namespace, '--type=merge', '-p', weaken],
          'enforces Pod Security restricted',
          worker,
        );
        const claim = `{"metadata":{"labels":{"urumi.dev/installation":"urumi","urumi.dev/store-id":"foreign1","pod-security.kubernetes.io/enforce":"restricted"}}}`;
        await refused(
          ['patch', 'namespace', 'store-foreign1', '--type=merge', '-p', claim],
          'does not belong to this installation',
          worker,
        );
        await refused(['delete', 'namespace', 'store-foreign1'], 'does not belong to this installation', worker);
        await refused(['delete', 'namespace', 'kube-node-lease'], 'only namespaces named store-<id>', worker);
      });

      test('makes the installer there, and no other account or token', async () => {
        await allowed(['create', 'serviceaccount', 'store-installer', '--namespace', namespace], worker);
        await refused(
          ['create', 'serviceaccount', 'other', '--namespace', namespace],
          'makes the account store-installer',
          worker,
        );
        await refused(
          ['create', 'serviceaccount', 'store-installer', '--namespace', 'default'],
          'does not belong to this installation',
          worker,
        );
        await refused(
          ['create', 'token', 'store-installer', '--namespace', namespace],
          'cannot create resource',
          worker,
        );
      });

      test.each([
        ['a role of its choice', toBinding('store-installer', 'cluster-admin', installerSubject), ''],
        ['under another name', toBinding('mine', 'urumi-store-installer', installerSubject), 'under their own names'],
        [
          'the installer to itself',
          toBinding('store-installer', 'urumi-store-installer', { kind: 'User', name: worker }),
          'goes to the installer of the same namespace',
        ],
        [
          'the reader to another',
          toBinding('store-admin-reader', 'urumi-store-admin-reader', { kind: 'User', name: reconciler }),
          'role goes to the api',
        ],
      ])('binds not %s', async (_name, binding, sentence) => {
        await refused(['create', '--filename', '-'], sentence, worker, binding);
      });

      test('binds the two roles to their subjects', async () => {
        await allowed(
          ['create', '--filename', '-'],
          worker,
          toBinding('store-installer', 'urumi-store-installer', installerSubject),
        );
        const reader = toBinding('store-admin-reader', 'urumi-store-admin-reader', { kind: 'User', name: api });
        await allowed(['create', '--filename', '-'], worker, reader);
      });

      test('reads no Secret and no pod itself', async () => {
        await refused(['get', 'secrets', '--namespace', 'kube-system'], 'cannot list', worker);
        await refused(['get', 'secrets', '--namespace', namespace], 'cannot list', worker);
        await refused(['get', 'pods', '--all-namespaces'], 'cannot list', worker);
      });
    });

    describe('the installer', () => {
      test('installs a shop, upgrades it, and keeps its Secrets and claims', async () => {
        const urumi = { storeId: id, setupRun: 2 };
        expect(await install({ size: 'M' })).toMatchObject({ code: 0 });
        const before = await identities();
        expect(await install({ size: 'M', urumi: { ...urumi, generation: 2 } })).toMatchObject({ code: 0 });
        expect(await install({ size: 'S', urumi: { ...urumi, generation: 3 } })).toMatchObject({ code: 0 });
        expect(await identities()).toEqual(before);
        const claims = await allowed([
          'get',
          'pvc',
          '--namespace',
          namespace,
          '--output=jsonpath={.items[*].spec.resources.requests.storage}',
        ]);
        expect(claims).toBe('5Gi 10Gi');
      });

      test('installs a shop of WooCommerce from scratch and from template', async () => {
        const other = 'w8m2q0l1';
        const name = `store-${other}`;
        await allowed(['create', '--filename', '-'], worker, toNamespace({ name, storeId: other }));
        await allowed(['create', 'serviceaccount', 'store-installer', '--namespace', name], worker);
        const binding = toBinding(
          'store-installer',
          'urumi-store-installer',
          { ...installerSubject, namespace: name },
          name,
        );
        await allowed(['create', '--filename', '-'], worker, binding);
        for (const route of ['scratch', 'auto']) {
          const values = valuesFor('woocommerce', { setup: { route }, urumi: { storeId: other, setupRun: 1 } });
          expect(await install({ ...values, host: `${other}.localhost` }, name)).toMatchObject({ code: 0 });
        }
        await allowed(['delete', 'namespace', name, '--wait=false'], worker);
      });

      test.each([
        ['a foreign image', { medusa: { serverImage: { repository: 'evil/server' } } }, 'not on the list of images'],
        [
          "another shop's host",
          { host: 'other123.localhost' },
          'answers at k7m2q0l1.localhost or the address stamped on its namespace, and nowhere else',
        ],
        [
          'a host outside of the base domain',
          { extraHosts: ['bank.example'] },
          'answers at k7m2q0l1.localhost or the address stamped on its namespace, and nowhere else',
        ],
        ['another ingress class', { exposure: { className: 'other' } }, 'use the ingress class of this installation'],
      ])('installs no shop with %s', async (_name, values, sentence) => {
        const run = await install(values);
        expect(run.code).not.toBe(0);
        expect(run.stderr).toContain(sentence);
      });

      test('answers at the address that the worker stamped on its namespace, not at one that its name tells of', async () => {
        const stamp = (desired: string, name = 'A shop') =>
          allowed(
            [
              'annotate',
              'namespace',
              namespace,
              '--overwrite',
              `urumi.dev/wish={"identity":{"name":${JSON.stringify(name)}},"desired":{"host":"${desired}"}}`,
            ],
            worker,
          );
        const run = () => install({ host: 'wanted.localhost' });
        await stamp(`${id}.localhost`, '"host":"wanted.localhost"');
        expect((await run()).stderr).toContain('or the address stamped on its namespace, and nowhere else');
        await stamp('wanted.localhost');
        // The policy sees the namespace a moment later.
        await expect.poll(async () => (await run()).code, { timeout: 20_000 }).toBe(0);
        await stamp('bank.example');
        expect((await install({ host: 'bank.example' })).code).not.toBe(0);
      });

      test.each([
        [
          'a way in beside the route',
          ['create', 'service', 'loadbalancer', 'way-in', '--tcp=80'],
          'reached inside the cluster only',
        ],
        [
          'a name for elsewhere',
          ['create', 'service', 'externalname', 'out', '--external-name=a.example'],
          'reached inside the cluster only',
        ],
        [
          'a change of its own account',
          ['patch', 'serviceaccount', 'store-installer', '-p', '{"metadata":{"labels":{"a":"b"}}}'],
          "account is the worker's",
        ],
        ['a right', ['create', 'role', 'more', '--verb=get', '--resource=pods'], 'cannot create resource'],
        ['a pod', ['run', 'shell', '--image=localhost/urumi/postgres-medusa:2.21.2'], 'cannot create resource'],
      ])('makes not %s', async (_name, args, sentence) => {
        await refused([...args, '--namespace', namespace], sentence, installer);
      });

      test('makes no token', async () => {
        const secret = JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/service-account-token',
          metadata: {
            name: 'token',
            namespace,
            annotations: { 'kubernetes.io/service-account.name': 'store-installer' },
          },
        });
        await refused(['create', '--filename', '-'], 'never tokens', installer, secret);
      });

      test('describes no pod of the node, with privilege, or of its own account', async () => {
        await refused(
          ['create', '--filename', '-'],
          'mount nothing of the node',
          installer,
          toJob({ volumes: [{ name: 'a', hostPath: { path: '/' } }] }),
        );
        await refused(
          ['create', '--filename', '-'],
          'share no namespace of the node',
          installer,
          toJob({ hostNetwork: true }),
        );
        await refused(
          ['create', '--filename', '-'],
          'no pod runs as the installer',
          installer,
          toJob({ serviceAccountName: 'store-installer' }),
        );
        await refused(
          ['create', '--filename', '-'],
          'have and gain no privilege',
          installer,
          toJob({}, { privileged: true }),
        );
        await refused(['create', '--filename', '-'], 'have and gain no privilege', installer, toJob({}, {}));
      });

      test('clears the shop away', async () => {
        for (const kind of ['deployments', 'statefulsets', 'jobs', 'pods', 'persistentvolumeclaims']) {
          await allowed(['delete', kind, '--all', '--wait=false', '--namespace', namespace], installer);
        }
      });
    });

    test('the api reads the one Secret it may show, and nothing else', async () => {
      await allowed(['get', 'secret', 'store-admin', '--namespace', namespace], api);
      await refused(['get', 'secret', 'store-app', '--namespace', namespace], 'cannot get', api);
      await refused(['get', 'secrets', '--namespace', namespace], 'cannot list', api);
      await refused(['get', 'secret', 'store-admin', '--namespace', 'default'], 'cannot get', api);
      await refused(['get', 'namespaces'], 'cannot list', api);
    });

    test('the reconciler reads what it judges, and no Secret', async () => {
      await allowed(
        ['get', 'namespaces,pods,deployments,statefulsets,jobs,pvc,events', '--all-namespaces'],
        reconciler,
      );
      await refused(['get', 'secrets', '--all-namespaces'], 'cannot list', reconciler);
      await refused(['delete', 'namespace', namespace], 'cannot delete', reconciler);
    });

    test('the server takes every object of the whole chart, and its pods are restricted', async () => {
      const labels = {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      };
      const system = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'urumi-system', labels } };
      await allowed(['create', '--filename', '-'], undefined, JSON.stringify(system));
      // With the autoscaler and the disruption budgets; kinds of others are not known here.
      const items = await renderPlatform('values-local.yaml', {
        api: { autoscaling: { enabled: true } },
        worker: { replicas: 2 },
        reconciler: { replicas: 2 },
        monitoring: { dashboards: true },
      });
      const list = { apiVersion: 'v1', kind: 'List', items };
      // The pod of `helm test` comes when its account is there; a dry run would not make that.
      const account = items.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'urumi-api');
      await allowed(['create', '--filename', '-'], undefined, JSON.stringify(account));
      const args = [
        'apply',
        '--server-side',
        '--force-conflicts',
        '--dry-run=server',
        '--warnings-as-errors',
        '--filename',
        '-',
      ];
      await allowed(args, undefined, JSON.stringify(list));
    });

    test('nobody runs a pod as the installer', async () => {
      const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
      const spec = {
        serviceAccountName: 'store-installer',
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{ name: 'shell', image: 'localhost/urumi/postgres-medusa:2.21.2', securityContext }],
      };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shell', namespace }, spec };
      await refused(['create', '--filename', '-'], 'no pod runs as the installer', undefined, JSON.stringify(pod));
    });

    test('the worker deletes the namespace of its shop', async () => {
      await allowed(['delete', 'namespace', namespace, '--wait=false'], worker);
    });

    test.each([
      ['worker', worker],
      ['api', api],
      ['reconciler', reconciler],
    ])('`auth can-i --list` of the %s, beside what every identity has, is its golden file', async (name, user) => {
      const list = async (as: string) =>
        (await allowed(['auth', 'can-i', '--list', '--no-headers', '--namespace', 'default'], as)).split('\n');
      const everyone = new Set((await list('nobody')).map(squeeze));
      const own = (await list(user)).map(squeeze).filter((line) => line !== '' && !everyone.has(line));
      await expect(`${own.sort().join('\n')}\n`).toMatchFileSnapshot(`golden/can-i-${name}.txt`);
    });

    async function install(values: object, of = namespace) {
      const given = { engine: 'medusa', host: `${id}.localhost`, urumi: { storeId: id, generation: 1 }, ...values };
      const args = [
        'upgrade',
        '--install',
        'store',
        storeChart,
        '--namespace',
        of,
        '--history-max=3',
        '--force-conflicts',
      ];
      args.push('--kubeconfig', server.kubeconfig, '--kube-as-user', toInstaller(of));
      args.push('--values', `${storeChart}/values-local.yaml`, '--values', '-');
      return runHelm(args, JSON.stringify(given));
    }

    /** What must survive every upgrade: data of Secrets, uids of claims. */
    async function identities(): Promise<string> {
      const secrets = ['get', 'secret', 'store-admin', 'store-database', 'store-app', '--namespace', namespace];
      const claims = ['get', 'pvc', '--namespace', namespace];
      return (
        (await allowed([...secrets, '--output=jsonpath={.items[*].data}'])) +
        (await allowed([...claims, '--output=jsonpath={.items[*].metadata.uid}']))
      );
    }

    async function allowed(args: readonly string[], as?: string, input?: string): Promise<string> {
      const run = await server.kubectl(args, { as, input });
      expect(run, run.stderr).toMatchObject({ code: 0 });
      return run.stdout;
    }

    async function refused(args: readonly string[], sentence: string, as?: string, input?: string): Promise<void> {
      const run = await server.kubectl(args, { as, input });
      expect(run.code, `${args.join(' ')} was allowed`).not.toBe(0);
      expect(run.stderr.toLowerCase()).toContain('forbidden');
      expect(run.stderr).toContain(sentence);
    }

    /** Policies act a moment after they are made. */
    async function untilPoliciesAct(): Promise<void> {
      const probe = ['create', 'namespace', 'probe', '--dry-run=server'];
      await vi.waitFor(() => refused(probe, 'only namespaces named store-<id>', worker), {
        timeout: 30_000,
        interval: 200,
      });
    }
  },
);

interface NamespaceShape {
  readonly name?: string;
  readonly installation?: string;
  readonly storeId?: string;
  readonly enforce?: string;
  readonly version?: string;
}

function toNamespace({
  name = namespace,
  installation = 'urumi',
  storeId = id,
  enforce = 'restricted',
  version,
}: NamespaceShape): string {
  const labels = {
    'urumi.dev/installation': installation,
    'urumi.dev/store-id': storeId,
    'pod-security.kubernetes.io/enforce': enforce,
    ...(version === undefined ? {} : { 'pod-security.kubernetes.io/enforce-version': version }),
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

function toBinding(name: string, role: string, subject: Readonly<Record<string, string>>, of = namespace): string {
  const apiGroup = 'rbac.authorization.k8s.io';
  return JSON.stringify({
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace: of },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [subject.kind === 'User' ? { ...subject, apiGroup } : subject],
  });
}

/** A Job that differs from an allowed one in what is given. */
function toJob(spec: object, securityContext: object = { allowPrivilegeEscalation: false }): string {
  const container = { name: 'a', image: 'localhost/urumi/postgres-medusa:2.21.2', securityContext };
  return JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'a', namespace },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container], ...spec } } },
  });
}

/** Columns by one space, so that a longer name elsewhere changes no golden line. */
function squeeze(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}
