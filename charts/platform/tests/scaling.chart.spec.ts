/** Who sets the number of pods: a person, the api's use of cpu, or the backlog of the workers. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { find, templateOf } from '../../testing/objects.ts';
import { renderPlatform } from '../../testing/platform-chart.ts';

const keda = ['keda.sh/v1alpha1/ScaledObject', 'monitoring.coreos.com/v1/ServiceMonitor'];
const backlog = (autoscaling: object) => ({ worker: { replicas: null, autoscaling } });

interface Trigger {
  readonly type: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string };
}

const ofApi = await renderPlatform('values-local.yaml', backlog({ mode: 'metrics-api', max: 6, backlog: 5 }), keda);
const { spec = {} } = find(ofApi, 'ScaledObject', 'urumi-worker');
const triggers = spec['triggers'] as readonly Trigger[];

test('workers by backlog: at least one, one fewer a minute, after five quiet minutes', () => {
  expect(spec).toMatchObject({
    scaleTargetRef: { name: 'urumi-worker' },
    minReplicaCount: 1,
    maxReplicaCount: 6,
    fallback: { replicas: 2 },
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
      scalingModifiers: { formula: 'waiting + active', target: '5', metricType: 'AverageValue' },
    },
  });
  expect(templateOf(ofApi, 'Deployment', 'urumi-worker')).toBeDefined();
  expect(find(ofApi, 'Deployment', 'urumi-worker').spec).not.toHaveProperty('replicas');
});

test('the backlog is what the api answers, and KEDA may ask it', async () => {
  const file = fileURLToPath(new URL('../../../apps/api/openapi.json', import.meta.url));
  const api = JSON.parse(await readFile(file, 'utf8')) as {
    paths: Record<string, unknown>;
    components: { schemas: Record<string, { properties: Record<string, unknown> }> };
  };
  expect(api.paths).toHaveProperty(['/api/metrics', 'get']);
  for (const { name, metadata, authenticationRef } of triggers) {
    expect(metadata).toMatchObject({
      url: 'http://urumi-api.urumi-system.svc:3000/api/metrics',
      valueLocation: `queue.${name}`,
      authMode: 'bearer',
    });
    expect(api.components.schemas['QueueCountsView']?.properties).toHaveProperty(name);
    expect(find(ofApi, 'TriggerAuthentication', authenticationRef?.name ?? '').spec).toEqual({
      secretTargetRef: [{ parameter: 'token', name: 'urumi-auth', key: 'token' }],
    });
  }
  expect(triggers.map(({ name }) => name)).toEqual(['waiting', 'active']);
  expect(JSON.stringify(find(ofApi, 'NetworkPolicy', 'urumi-api').spec)).toContain('"keda-operator"');
});

test('by Prometheus KEDA needs no way into the api', async () => {
  const values = {
    ...backlog({ mode: 'prometheus', prometheus: 'http://prometheus.monitoring:9090' }),
    monitoring: { serviceMonitor: true },
  };
  const objects = await renderPlatform('values-local.yaml', values, keda);
  expect(JSON.stringify(find(objects, 'NetworkPolicy', 'urumi-api').spec)).not.toContain('keda');
  expect(objects.some(({ kind }) => kind === 'TriggerAuthentication')).toBe(false);
  expect(find(objects, 'ScaledObject', 'urumi-worker').spec).toMatchObject({
    triggers: [
      { type: 'prometheus', metadata: { serverAddress: 'http://prometheus.monitoring:9090', threshold: '8' } },
    ],
  });
});

test('without a mode nobody but people scale workers', async () => {
  const objects = await renderPlatform('values-local.yaml', { worker: { replicas: null } });
  expect(find(objects, 'Deployment', 'urumi-worker').spec).not.toHaveProperty('replicas');
  expect(objects.filter(({ kind }) => ['ScaledObject', 'TriggerAuthentication'].includes(kind))).toEqual([]);
});

test('the limits of running attempts are values', async () => {
  const worker = { concurrency: 1, concurrencyInAll: 64, concurrencyPerOwner: 40 };
  const [container] = templateOf(await renderPlatform('values-local.yaml', { worker }), 'Deployment', 'urumi-worker')
    .spec.containers;
  for (const [name, value] of [
    ['WORKER_CONCURRENCY', '1'],
    ['GLOBAL_CONCURRENCY', '64'],
    ['RUNNING_PER_OWNER', '40'],
  ]) {
    expect(container?.env).toContainEqual({ name, value });
  }
});

test('pods of a service are spread over nodes, and go where they are sent', async () => {
  const placed = {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'role', operator: 'Exists', effect: 'NoSchedule' }],
  };
  const objects = await renderPlatform('values-local.yaml', placed);
  for (const component of ['api', 'worker', 'reconciler']) {
    expect(templateOf(objects, 'Deployment', `urumi-${component}`).spec).toMatchObject({
      ...placed,
      topologySpreadConstraints: [
        {
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { 'app.kubernetes.io/component': component } },
        },
      ],
    });
  }
  expect(templateOf(objects, 'StatefulSet', 'urumi-redis').spec).toMatchObject(placed);
});
