/** Setup runs again when what it does changed or a new run is asked for, and at no other time. */
import { describe, expect, test } from 'vitest';
import { podTemplates, type KubeObject } from '../../testing/objects.ts';
import type { Values } from '../../testing/helm.ts';
import { renderStore, storeValues } from '../../testing/store-chart.ts';

const same: readonly [string, Values][] = [
  ['another generation', { ...storeValues, urumi: { ...storeValues.urumi, generation: 8 } }],
  ['another size', { ...storeValues, size: 'L' }],
  ['another deadline', { ...storeValues, setup: { deadlineSeconds: 900, backoffLimit: 5 } }],
  ['another storefront', { ...storeValues, medusa: { storefrontImage: { tag: '0.2.0' } } }],
  ['another route', { ...storeValues, exposure: { className: 'traefik' }, extraHosts: ['www.shop.example'] }],
  ['another network', { ...storeValues, network: { internet: { enabled: false } } }],
];

const different: readonly [string, Values][] = [
  ['a new run', { ...storeValues, urumi: { ...storeValues.urumi, setupRun: 2 } }],
  ['another server image', { ...storeValues, medusa: { serverImage: { tag: '2.22.0' } } }],
  ['another shop name', { ...storeValues, shop: { name: 'Other' } }],
  ['another address', { ...storeValues, host: 'other.shop.example' }],
  ['other resources of setup', { ...storeValues, resources: { setup: { memoryLimit: 700 } } }],
];

describe('the setup Job keeps its name with', () => {
  test.each(same)('%s', async (_name, values) => {
    expect(nameOf(await renderStore(values))).toBe(nameOf(await renderStore(storeValues)));
  });
});

describe('the setup Job is a new one with', () => {
  test.each(different)('%s', async (_name, values) => {
    expect(nameOf(await renderStore(values))).not.toBe(nameOf(await renderStore(storeValues)));
  });
});

test('its name tells the run and the hash of what cannot be changed', async () => {
  expect(nameOf(await renderStore(storeValues))).toMatch(/^store-setup-1-[0-9a-f]{8}$/);
  const second = await renderStore({ ...storeValues, urumi: { ...storeValues.urumi, setupRun: 2 } });
  expect(nameOf(second)).toMatch(/^store-setup-2-[0-9a-f]{8}$/);
});

test('it keeps failed pods, gives up on bad input at once, and is never cleaned up by itself', async () => {
  const { spec } = jobOf(await renderStore(storeValues));
  expect(spec).toMatchObject({
    backoffLimit: 3,
    activeDeadlineSeconds: 600,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [
        { action: 'FailJob', onExitCodes: { containerName: 'setup', operator: 'In', values: [42] } },
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
      ],
    },
    template: { spec: { restartPolicy: 'Never' } },
  });
  expect(spec).not.toHaveProperty('ttlSecondsAfterFinished');
});

test('server and storefront wait longer for their first answer than setup may take', async () => {
  for (const deadlineSeconds of [600, 1200]) {
    const objects = await renderStore({ ...storeValues, setup: { deadlineSeconds } });
    for (const { owner, template } of podTemplates(objects).filter(({ owner: { kind } }) => kind === 'Deployment')) {
      for (const { startupProbe } of template.spec.containers) {
        const budget = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
        expect(budget).toBe(deadlineSeconds + 300);
        expect(owner.spec?.['progressDeadlineSeconds']).toBeGreaterThan(budget);
      }
    }
  }
});

function jobOf(objects: readonly KubeObject[]): KubeObject {
  const [job] = objects.filter(({ kind }) => kind === 'Job');
  if (job === undefined) throw new Error('no Job rendered');
  return job;
}

function nameOf(objects: readonly KubeObject[]): string {
  return jobOf(objects).metadata.name;
}
