/** What the platform chart renders: all of it, or rights and policy alone. */
import { describe, expect, test } from 'vitest';
import { runHelm, runTemplate } from '../../testing/helm.ts';
import { containersOf, find, podTemplates, templateOf, toKey, type KubeObject } from '../../testing/objects.ts';
import { platformChart, renderPlatform } from '../../testing/platform-chart.ts';
import { gatewayApi } from '../../testing/store-chart.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const prod = {
  baseDomain: 'shop.example',
  image: { digest },
  redis: { image: { digest } },
  probe: { address: 'edge.example:443' },
};
const variants = [
  { file: 'values-embedded.yaml', values: {} },
  { file: 'values-local.yaml', values: {} },
  { file: 'values-prod.yaml', values: prod },
];
const uids: Readonly<Record<string, number>> = { api: 1000, worker: 1000, reconciler: 1000, redis: 999, test: 1000 };
const clusterWide = [
  'ClusterRole',
  'ClusterRoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

describe.each(variants)('$file', ({ file, values }) => {
  test('passes helm lint --strict', async () => {
    const run = await runHelm(
      ['lint', platformChart, '--strict', '--values', `${platformChart}/${file}`, '--values', '-'],
      JSON.stringify(values),
    );
    expect(run.stdout + run.stderr).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(run.code).toBe(0);
  });

  test('renders the objects of the golden list', async () => {
    const keys = (await renderPlatform(file, values)).map(toKey).sort();
    await expect(`${keys.join('\n')}\n`).toMatchFileSnapshot(`golden/${file.replace('.yaml', '.txt')}`);
  });

  test('labels every object and names its namespace, unless it has none', async () => {
    for (const object of await renderPlatform(file, values)) {
      expect(object.metadata.labels, toKey(object)).toMatchObject({
        'app.kubernetes.io/name': 'platform',
        'app.kubernetes.io/instance': 'urumi',
        'helm.sh/chart': 'platform-0.1.0',
      });
      expect(object.metadata.namespace).toBe(clusterWide.includes(object.kind) ? undefined : 'urumi-system');
    }
  });

  test('every pod is restricted and writes only to bounded folders and claims', async () => {
    for (const { owner, template } of podTemplates(await renderPlatform(file, values))) {
      const component = template.metadata.labels['app.kubernetes.io/component'] ?? '';
      const uid = uids[component];
      expect(template.spec, toKey(owner)).toMatchObject({
        // Redis and the test have no business with the API server.
        automountServiceAccountToken: !['redis', 'test'].includes(component),
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: uid,
          runAsGroup: uid,
          fsGroup: uid,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      for (const container of containersOf(template.spec)) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources?.limits['memory']).toBeDefined();
      }
      for (const { emptyDir } of template.spec.volumes ?? []) {
        if (emptyDir !== undefined) expect(emptyDir.sizeLimit).toBeDefined();
      }
    }
  });
});

test('the embedded launcher gets rights and policy alone', async () => {
  const kinds = new Set((await renderPlatform('values-embedded.yaml')).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(clusterWide);
});

test('the policy can be left out', async () => {
  const kinds = (await renderPlatform('values-embedded.yaml', { policy: { enabled: false } })).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('Validating'))).toEqual([]);
});

describe('replicas', () => {
  const replicas = (objects: readonly KubeObject[], name: string) =>
    find(objects, 'Deployment', name).spec?.['replicas'];

  test('of the worker are left to whoever scales it', async () => {
    expect(replicas(await renderPlatform('values-local.yaml'), 'urumi-worker')).toBeUndefined();
    expect(replicas(await renderPlatform('values-prod.yaml', prod), 'urumi-worker')).toBeUndefined();
    expect(
      replicas(await renderPlatform('values-prod.yaml', { ...prod, worker: { replicas: 3 } }), 'urumi-worker'),
    ).toBe(3);
  });

  test('of the api are left to the autoscaler where there is one', async () => {
    const objects = await renderPlatform('values-prod.yaml', { ...prod, api: { autoscaling: { enabled: true } } });
    expect(replicas(objects, 'urumi-api')).toBeUndefined();
    expect(find(objects, 'HorizontalPodAutoscaler', 'urumi-api').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 5,
    });
  });

  test('single pods have no disruption budget', async () => {
    const budgets = (objects: readonly KubeObject[]) =>
      objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    const worker = { worker: { replicas: 1 } };
    expect(budgets(await renderPlatform('values-local.yaml', worker))).toEqual([]);
    expect(budgets(await renderPlatform('values-prod.yaml', prod)).sort()).toEqual([
      'urumi-api',
      'urumi-reconciler',
      'urumi-worker',
    ]);
  });
});

test("log level, owners' stores and resources reach the services", async () => {
  const resources = { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '1Gi' } };
  const service = { resources };
  const values = { logLevel: 'debug', api: { ...service, storesPerOwner: 7 }, worker: service, reconciler: service };
  const objects = await renderPlatform('values-local.yaml', values);
  for (const name of ['urumi-api', 'urumi-worker', 'urumi-reconciler']) {
    const [container] = templateOf(objects, 'Deployment', name).spec.containers;
    expect(container?.env, name).toContainEqual({ name: 'LOG_LEVEL', value: 'debug' });
    expect(container?.resources, name).toMatchObject(resources);
  }
  const [api] = templateOf(objects, 'Deployment', 'urumi-api').spec.containers;
  expect(api?.env).toContainEqual({ name: 'URUMI_STORES_MAX', value: '7' });
});

describe('engines', () => {
  test.each([
    [{}, { woocommerce: expect.stringContaining('stores.woocommerce') }],
    [{ image: { repository: 'shop/woocommerce', tag: '11.0.1' } }, {}],
    [{ image: { repository: 'shop/woocommerce', digest: `sha256:${'a'.repeat(64)}` } }, {}],
  ])('WooCommerce with %j is unavailable as %j', async (woocommerce, reasons) => {
    const objects = await renderPlatform('values-prod.yaml', { ...prod, stores: { woocommerce } });
    const [api] = templateOf(objects, 'Deployment', 'urumi-api').spec.containers;
    const { value } = api?.env?.find(({ name }) => name === 'URUMI_ENGINES_UNAVAILABLE') ?? {};
    expect(JSON.parse(value ?? '')).toEqual(reasons);
  });
});

describe('Redis', () => {
  test('has a user per service, known by hash, and no default user', async () => {
    const data = find(await renderPlatform('values-local.yaml'), 'Secret', 'urumi-redis').data ?? {};
    const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
    const users = text('users.acl').trim().split('\n');
    expect(users[0]).toBe('user default off');
    for (const [index, service] of ['api', 'worker', 'reconciler'].entries()) {
      const password = text(`${service}-password`);
      expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(text(service)).toBe(`redis://${service}:${password}@urumi-redis:6379`);
      expect(users[index + 1]).toMatch(new RegExp(`^user ${service} on #[0-9a-f]{64} resetkeys resetchannels ~urumi:`));
      expect(text('users.acl')).not.toContain(password);
    }
    expect(users[4]).toMatch(/^user admin on #[0-9a-f]{64} /);
    expect(users).toHaveLength(5);
  });

  test('forgets nothing and evicts nothing', async () => {
    const [container] = templateOf(await renderPlatform('values-local.yaml'), 'StatefulSet', 'urumi-redis').spec
      .containers;
    expect(container?.command?.join(' ')).toContain(
      '--appendonly yes --appendfsync always --maxmemory 192mb --maxmemory-policy noeviction',
    );
    expect(container?.resources?.limits['memory']).toBe('320Mi');
  });

  test('of somebody else is used by its addresses', async () => {
    const objects = await renderPlatform('values-local.yaml', { redis: { mode: 'external', urlSecret: 'own-redis' } });
    expect(objects.some(({ metadata }) => metadata.name.startsWith('urumi-redis'))).toBe(false);
    const [worker] = templateOf(objects, 'Deployment', 'urumi-worker').spec.containers;
    expect(worker?.env).toContainEqual({
      name: 'REDIS_URL',
      valueFrom: { secretKeyRef: { name: 'own-redis', key: 'worker' } },
    });
  });

  test('of somebody else may have an authority of its own, which every service then trusts', async () => {
    const redis = { mode: 'external', urlSecret: 'own-redis', caSecret: 'own-authority' };
    const objects = await renderPlatform('values-local.yaml', { redis });
    for (const name of ['urumi-api', 'urumi-worker', 'urumi-reconciler']) {
      const { containers, volumes } = templateOf(objects, 'Deployment', name).spec;
      const file = containers[0]?.env?.find((one) => one.name === 'NODE_EXTRA_CA_CERTS')?.value ?? '';
      const mount = containers[0]?.volumeMounts?.find(({ mountPath }) => file === `${mountPath}/ca.crt`);
      const volume = volumes?.find((one) => one.name === mount?.name);
      expect(volume, name).toMatchObject({ secret: { secretName: 'own-authority' } });
    }
  });

  test('of somebody else may listen on another port, and nothing else is opened for it', async () => {
    const redis = { mode: 'external', urlSecret: 'own-redis', port: 6380 };
    const objects = await renderPlatform('values-local.yaml', { redis });
    for (const name of ['urumi-api', 'urumi-worker', 'urumi-reconciler']) {
      const { egress } = find(objects, 'NetworkPolicy', name).spec as { egress: readonly { ports: unknown }[] };
      const ports = JSON.stringify(egress.map((rule) => rule.ports));
      expect(ports, name).toContain('6380');
      expect(ports, name).not.toContain('6379');
    }
  });

  test('gets a new pod where the rights of its users change, and only then', async () => {
    const annotations = async (values = {}) =>
      templateOf(await renderPlatform('values-local.yaml', values), 'StatefulSet', 'urumi-redis').metadata.annotations;
    const [first, second] = await Promise.all([annotations(), annotations({ api: { replicas: 2 } })]);
    expect(first?.['checksum/config']).toMatch(/^[0-9a-f]{64}$/);
    // The passwords of the two renders differ.
    expect(second).toEqual(first);
  });
});

test('a Gateway gets a route instead of an Ingress', async () => {
  const exposure = { mode: 'gateway', gateway: { name: 'edge', namespace: 'gateways' } };
  const objects = await renderPlatform('values-prod.yaml', { ...prod, exposure }, [gatewayApi]);
  expect(objects.some(({ kind }) => kind === 'Ingress')).toBe(false);
  expect(find(objects, 'HTTPRoute', 'urumi-api').spec).toMatchObject({
    parentRefs: [{ name: 'edge', namespace: 'gateways' }],
    hostnames: ['shop.example'],
  });
});

test('an issuer makes the certificate of the Ingress, of any class', async () => {
  const exposure = { className: 'nginx', scheme: 'https', tls: { clusterIssuer: 'letsencrypt' } };
  const objects = await renderPlatform('values-local.yaml', { exposure }, ['cert-manager.io/v1/ClusterIssuer']);
  const ingress = find(objects, 'Ingress', 'urumi-api');
  expect(ingress.metadata.annotations).toEqual({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
  expect(ingress.spec).toMatchObject({
    ingressClassName: 'nginx',
    tls: [{ hosts: ['urumi.localhost'], secretName: 'urumi-tls' }],
  });
});

describe('a render fails with cause and remedy for', () => {
  const local = [`${platformChart}/values-local.yaml`];
  test.each([
    ['a long release name', 'a'.repeat(21), {}, 'has 21 characters', 'Choose a shorter one'],
    [
      'accounts of another release',
      'other',
      {},
      'this release runs the api as ServiceAccount "other-api"',
      'set install to `roles`',
    ],
    [
      'nowhere to probe',
      'urumi',
      { probe: { address: '' } },
      'probe.address is empty',
      "Set it to host and port of the shops' ingress",
    ],
    ['a Redis of nobody', 'urumi', { redis: { mode: 'external' } }, 'no Secret is named', 'Set redis.urlSecret'],
    ['an image by tag', 'urumi', { policy: { requireDigest: true } }, 'image has no digest', 'Set image.digest'],
    [
      'a Gateway without a name',
      'urumi',
      { exposure: { mode: 'gateway' } },
      'no Gateway is named',
      'Set exposure.gateway.name',
    ],
    [
      'a cluster without the Gateway API',
      'urumi',
      { exposure: { mode: 'gateway', gateway: { name: 'edge' } } },
      'the cluster knows no HTTPRoute',
      'Install the Gateway API',
    ],
    [
      'a certificate beside a Gateway',
      'urumi',
      { exposure: { mode: 'gateway', gateway: { name: 'edge' }, tls: { secretName: 'tls' } } },
      'a Gateway has its own certificates',
      'leave exposure.tls empty',
    ],
    [
      "shops' Gateway without a name",
      'urumi',
      { stores: { exposure: { mode: 'gateway' } } },
      'every shop would fail',
      'Set stores.exposure.gateway.name',
    ],
    [
      'shops on a Gateway in a cluster without one',
      'urumi',
      { stores: { exposure: { mode: 'gateway', gateway: { name: 'edge' } } } },
      'the cluster knows no HTTPRoute',
      'Install the Gateway API',
    ],
    [
      'a cluster without cert-manager',
      'urumi',
      { exposure: { tls: { clusterIssuer: 'letsencrypt' } } },
      'exposure.tls.clusterIssuer is set but the cluster knows no ClusterIssuer',
      'Install cert-manager',
    ],
    [
      'shops with an issuer, without cert-manager',
      'urumi',
      { stores: { exposure: { tls: { clusterIssuer: 'letsencrypt' } } } },
      'stores.exposure.tls.clusterIssuer is set but',
      'name a certificate in stores.exposure.tls.secretName',
    ],
    [
      'a cluster without the Prometheus operator',
      'urumi',
      { monitoring: { serviceMonitor: true } },
      'the cluster knows no ServiceMonitor',
      'turn monitoring.serviceMonitor off',
    ],
    [
      'alerts without the Prometheus operator',
      'urumi',
      { monitoring: { rules: true } },
      'the cluster knows no PrometheusRule',
      'Install the Prometheus operator',
    ],
    [
      'a cluster without KEDA',
      'urumi',
      { worker: { replicas: null, autoscaling: { mode: 'metrics-api' } } },
      'the cluster knows no ScaledObject',
      'use `kubectl scale`',
    ],
    [
      'two who set the number of workers',
      'urumi',
      { worker: { replicas: 3, autoscaling: { mode: 'metrics-api' } } },
      'both would set the number of workers',
      'Leave worker.replicas empty',
    ],
    [
      'fewer workers at most than at least',
      'urumi',
      { worker: { replicas: null, autoscaling: { mode: 'metrics-api', min: 5 } } },
      'worker.autoscaling.min is 5, above its max of 4',
      'Raise max',
    ],
    [
      'scaling by a Prometheus without an address',
      'urumi',
      { worker: { replicas: null, autoscaling: { mode: 'prometheus' } } },
      'no address is given',
      'Set worker.autoscaling.prometheus',
    ],
    [
      'scaling by a Prometheus that reads nothing',
      'urumi',
      { worker: { replicas: null, autoscaling: { mode: 'prometheus', prometheus: 'http://prometheus:9090' } } },
      'Prometheus knows no backlog',
      'use mode `metrics-api`',
    ],
    [
      'fewer pods of the api at most than at least',
      'urumi',
      { api: { autoscaling: { enabled: true, min: 6 } } },
      'api.autoscaling.min is 6, above its max of 5',
      'lower min',
    ],
  ])('%s', async (_name, release, values, cause, remedy) => {
    const run = await runTemplate({ chart: platformChart, files: local, values, release });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain(cause);
    expect(run.stderr).toContain(remedy);
  });

  test.each([
    ['no base domain', {}],
    ['an unknown key', { baseDomain: 'shop.example', surprise: 1 }],
    ['a base domain that would end a CEL text', { baseDomain: "a' || true || '" }],
    ['an installation id in upper case', { baseDomain: 'shop.example', installationId: 'Urumi' }],
    [
      'a subject with a quote',
      { baseDomain: 'shop.example', rbac: { subjects: { worker: { kind: 'User', name: "a'b" } } } },
    ],
    ['an image beginning with a quote', { baseDomain: 'shop.example', policy: { imageAllowList: ["'"] } }],
    ['no worker at all by backlog', { baseDomain: 'shop.example', worker: { autoscaling: { min: 0 } } }],
    ['an address with a quote', { baseDomain: 'shop.example', worker: { autoscaling: { prometheus: 'http://a"b' } } }],
    ['metrics for everybody', { baseDomain: 'shop.example', monitoring: { scrapeFrom: [] } }],
    ['memory as a word', { baseDomain: 'shop.example', api: { resources: { limits: { memory: 'much' } } } }],
    ['an unknown log level', { baseDomain: 'shop.example', logLevel: 'loud' }],
    ['a volume without a unit', { baseDomain: 'shop.example', redis: { storage: '2' } }],
  ])('%s, by the schema', async (_name, values) => {
    const run = await runTemplate({ chart: platformChart, values });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain("values don't meet the specifications of the schema");
  });
});
