/** Every variant: which objects there are, how they are labelled, and that everything fits its quota. */
import { describe, expect, test } from 'vitest';
import { annotations, labels } from '@urumi/shared/k8s/labels';
import { objectNames, releaseName } from '@urumi/shared/k8s/names';
import { containersOf, find, podTemplates, templateOf, toKey, type KubeObject } from '../../testing/objects.ts';
import { parseQuantity } from '../../testing/quantities.ts';
import {
  engines,
  renderStore,
  renderVariant,
  scratchFor,
  storeValues,
  valuesFor,
  variants,
  wooValues,
} from '../../testing/store-chart.ts';

const selectorKeys = ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name'];
const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
const podKeys = [...selectorKeys, labels.engine, labels.storeId].sort();
const objectKeys = [
  ...podKeys,
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'helm.sh/chart',
].sort();

/** Pods that may stand at once: steady ones, the storefront's second, and two setups, also where none runs today. */
const podsAtOnce = {
  woocommerce: ['web', 'database', 'setup', 'setup'],
  medusa: ['server', 'storefront', 'database', 'storefront', 'setup', 'setup'],
};

describe.each(variants)('$engine, $route, $mode, $size', (variant) => {
  const { engine, route } = variant;
  const rendered = renderVariant(variant);

  test('renders the objects of the golden list', async () => {
    const keys = (await rendered).map((object) => toKey(object).replace(/-[0-9a-f]{8}$/, '-<hash>')).sort();
    await expect(`${keys.join('\n')}\n`).toMatchFileSnapshot(`golden/${engine}-${route}-${variant.mode}.txt`);
  });

  test('stays in its namespace and holds no right', async () => {
    for (const object of await rendered) {
      expect(object.metadata.namespace, toKey(object)).toBeUndefined();
      expect(object.apiVersion).not.toMatch(/^(rbac|admissionregistration|apiextensions)/);
      expect(['Namespace', 'PersistentVolume', 'StorageClass', 'IngressClass', 'GatewayClass']).not.toContain(
        object.kind,
      );
    }
  });

  test('labels every object, and carries the generation on its own metadata only', async () => {
    for (const object of await rendered) {
      expect(Object.keys(object.metadata.labels ?? {}).sort(), toKey(object)).toEqual(objectKeys);
      expect(object.metadata.labels).toMatchObject({ [labels.storeId]: 'k7m2q0l1', [labels.engine]: engine });
      expect(object.metadata.annotations?.[annotations.generation], toKey(object)).toBe('7');
    }
  });

  test('labels pods with what selects them, store and engine, and nothing that would restart them', async () => {
    for (const { owner, template } of podTemplates(await rendered)) {
      if (owner.kind === 'Pod') continue;
      expect(Object.keys(template.metadata.labels).sort(), toKey(owner)).toEqual(podKeys);
      expect(Object.keys(template.metadata.annotations ?? {})).toEqual(owner.kind === 'Job' ? ['checksum/config'] : []);
      const selector = owner.spec?.['selector'] as { matchLabels: object } | undefined;
      if (owner.kind !== 'Job') expect(Object.keys(selector?.matchLabels ?? {}).sort()).toEqual(selectorKeys);
    }
  });

  test('makes services that select pods by the same labels', async () => {
    const objects = await rendered;
    for (const service of objects.filter(({ kind }) => kind === 'Service')) {
      const selector = service.spec?.['selector'] as Readonly<Record<string, string>>;
      const hit = podTemplates(objects).filter(
        ({ owner, template }) =>
          owner.kind !== 'Pod' &&
          Object.entries(selector).every(([key, value]) => template.metadata.labels[key] === value),
      );
      expect(hit.map(({ owner }) => owner.metadata.name)).toEqual([service.metadata.name]);
      expect(service.spec?.['type']).toBe('ClusterIP');
    }
  });

  test('says on what serves whether a setup Job belongs to it', async () => {
    const objects = await rendered;
    const serving = find(objects, 'Deployment', engine === 'woocommerce' ? objectNames.web : objectNames.server);
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    expect(jobs).toHaveLength(route === 'scratch' ? 1 : 0);
    expect(serving.metadata.annotations?.[annotations.setup]).toBe(route === 'scratch' ? 'job' : 'template');
  });

  test('has a quota that holds all pods that may stand at once, exactly', async () => {
    const objects = await rendered;
    const hard = quotaOf(objects);
    // The setup that a later release may run has its room from the start.
    const withSetup = await renderStore(scratchFor(engine, { size: variant.size }));
    for (const [part, kind] of [
      ['requests', 'cpu'],
      ['requests', 'memory'],
      ['limits', 'cpu'],
      ['limits', 'memory'],
    ] as const) {
      const sum = podsAtOnce[engine]
        .flatMap((component) => containersFor(withSetup, component))
        .reduce((total, { resources }) => total + parseQuantity(resources?.[part][kind] ?? ''), 0);
      expect(parseQuantity(hard[`${part}.${kind}`] ?? ''), `${part}.${kind}`).toBeCloseTo(sum);
    }
    expect(hard['pods']).toBe(String(podsAtOnce[engine].length + 1));
  });

  test('has a quota that holds its claims, and no way to the outside beside the route', async () => {
    const objects = await rendered;
    const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
    const asked = claims.map(
      ({ spec }) => (spec as { resources: { requests: { storage: string } } }).resources.requests.storage,
    );
    const hard = quotaOf(objects);
    expect(hard['persistentvolumeclaims']).toBe(String(claims.length));
    expect(parseQuantity(hard['requests.storage'] ?? '')).toBe(
      asked.reduce((sum, text) => sum + parseQuantity(text), 0),
    );
    expect(hard).toMatchObject({ 'services.loadbalancers': '0', 'services.nodeports': '0' });
  });
});

test('the names that code knows are the names that render', async () => {
  for (const engine of engines) {
    const objects = await renderStore(scratchFor(engine));
    expect(find(objects, 'StatefulSet', objectNames.database).metadata.name).toBe(`${releaseName}-database`);
    find(objects, 'Secret', objectNames.adminSecret);
    const names = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
    const known = engine === 'woocommerce' ? [objectNames.web] : [objectNames.server, objectNames.storefront];
    expect(names.sort()).toEqual(known);
    const [job] = objects.filter(({ kind }) => kind === 'Job');
    expect(job?.metadata.name.startsWith(objectNames.setupPrefix)).toBe(true);
  }
});

test('an override of one figure changes that figure and the quota', async () => {
  const objects = await renderStore({ ...storeValues, resources: { server: { memoryLimit: 1000 } } });
  const [server] = containersFor(objects, 'server');
  expect(server?.resources).toEqual({
    requests: { cpu: '100m', memory: '448Mi' },
    limits: { cpu: '2000m', memory: '1000Mi' },
  });
  expect(server?.env).toContainEqual({ name: 'NODE_OPTIONS', value: '--max-old-space-size=750' });
  expect(quotaOf(objects)['limits.memory']).toBe(`${2560 + 1000 - 768}Mi`);
});

test('small is as big as it should be', async () => {
  expect(quotaOf(await renderStore(wooValues))).toMatchObject({
    'requests.cpu': '200m',
    'requests.memory': '672Mi',
    'limits.cpu': '7',
    'limits.memory': '2176Mi',
    'requests.storage': '4Gi',
    pods: '5',
  });
  expect(quotaOf(await renderStore(storeValues))).toMatchObject({
    'requests.cpu': '270m',
    'requests.memory': '1472Mi',
    'limits.cpu': '9',
    'limits.memory': '2560Mi',
    'requests.storage': '4Gi',
    pods: '7',
  });
});

function quotaOf(objects: readonly KubeObject[]): Readonly<Record<string, string>> {
  return find(objects, 'ResourceQuota', 'store-quota').spec?.['hard'] as Readonly<Record<string, string>>;
}

function containersFor(objects: readonly KubeObject[], component: string) {
  const owner = podTemplates(objects).find(
    ({ template, owner: { kind } }) => kind !== 'Pod' && template.metadata.labels[labels.component] === component,
  );
  if (owner === undefined) throw new Error(`no pods of ${component}`);
  return containersOf(owner.template.spec);
}

test('rolls what holds no volume, replaces what does', async () => {
  const objects = await renderStore(storeValues);
  const strategy = (name: string) => find(objects, 'Deployment', name).spec?.['strategy'];
  expect(strategy('store-server')).toEqual({ type: 'Recreate' });
  expect(strategy('store-storefront')).toEqual(rolling);
  expect(find(await renderStore(wooValues), 'Deployment', 'store-web').spec?.['strategy']).toEqual({
    type: 'Recreate',
  });
  for (const engine of engines) {
    const database = await renderStore(valuesFor(engine));
    const set = find(database, 'StatefulSet', 'store-database').spec;
    expect(set).not.toHaveProperty('volumeClaimTemplates');
    // In order, a pod that never gets ready would never be replaced by a corrected one.
    expect(set).toMatchObject({ podManagementPolicy: 'Parallel' });
    expect(templateOf(database, 'StatefulSet', 'store-database').spec.terminationGracePeriodSeconds).toBe(30);
  }
});

test('clients reach the database as soon as it listens', async () => {
  for (const [engine, port] of [
    ['woocommerce', 3306],
    ['medusa', 5432],
  ] as const) {
    const objects = await renderStore(valuesFor(engine));
    expect(find(objects, 'Service', 'store-database').spec).toMatchObject({
      publishNotReadyAddresses: true,
      ports: [{ port, targetPort: 'database' }],
    });
    expect(containersFor(objects, 'database')).toMatchObject([{ ports: [{ name: 'database', containerPort: port }] }]);
  }
});

test('more web pods roll over uploads that many nodes write, in a quota with room for one more', async () => {
  const values = { ...wooValues, storage: { accessMode: 'ReadWriteMany' } };
  const objects = await renderStore({ ...values, woocommerce: { ...wooValues.woocommerce, replicas: 3 } });
  expect(find(objects, 'Deployment', 'store-web').spec).toMatchObject({ replicas: 3, strategy: rolling });
  expect(templateOf(objects, 'Deployment', 'store-web').spec).toHaveProperty('topologySpreadConstraints');
  expect(find(objects, 'PersistentVolumeClaim', 'store-uploads').spec).toMatchObject({
    accessModes: ['ReadWriteMany'],
  });
  expect(find(objects, 'PersistentVolumeClaim', 'store-database-data').spec).toMatchObject({
    accessModes: ['ReadWriteOnce'],
  });
  expect(quotaOf(objects)).toMatchObject({ pods: '8', 'requests.memory': `${672 + 3 * 256}Mi` });
  const variables = containersFor(objects, 'database')[0]?.env;
  expect(variables).toContainEqual({ name: 'MAX_CONNECTIONS', value: String(4 * 4 + 10) });
});

test('the start-up probe of web waits for the front page, the later ones wait for nothing', async () => {
  const [web] = containersFor(await renderStore(wooValues), 'web');
  expect(web?.startupProbe).toMatchObject({ httpGet: { path: '/readyz?page' }, periodSeconds: 1, timeoutSeconds: 31 });
  expect(web?.readinessProbe).toMatchObject({ httpGet: { path: '/readyz?now' }, timeoutSeconds: 5 });
  expect(web?.livenessProbe).toMatchObject({ httpGet: { path: '/healthz' }, timeoutSeconds: 20 });
});
