/** Setup runs again when what it does changed or a new run is asked for, and at no other time. */
import { describe, expect, test } from 'vitest';
import { podTemplates, type KubeObject } from '../../testing/objects.ts';
import type { Values } from '../../testing/helm.ts';
import {
  engines,
  renderStore,
  scratchFor,
  storeValues,
  valuesFor,
  wooValues,
  type Engine,
} from '../../testing/store-chart.ts';

const base = { woocommerce: scratchFor('woocommerce'), medusa: scratchFor('medusa') };
const urumi = storeValues.urumi;
const { woocommerce } = wooValues;

/** [what, which engine, values over those with a Job] */
type Change = readonly [string, Engine, Values];
const both = (what: string, values: Values): readonly Change[] => engines.map((engine) => [what, engine, values]);

const same: readonly Change[] = [
  ...both('another generation', { urumi: { ...urumi, generation: 8 } }),
  ...both('another size', { size: 'L' }),
  ...both('another deadline', { setup: { deadlineSeconds: 900, backoffLimit: 5 } }),
  ...both('another way in', { exposure: { className: 'traefik' }, extraHosts: ['www.shop.example'] }),
  ...both('another network', { network: { internet: { enabled: false } } }),
  ['another storefront', 'medusa', { medusa: { storefrontImage: { tag: '0.2.0' } } }],
  ['another database image', 'woocommerce', { woocommerce: { ...woocommerce, databaseImage: { tag: '1' } } }],
  [
    'more web pods',
    'woocommerce',
    { woocommerce: { ...woocommerce, replicas: 2 }, storage: { accessMode: 'ReadWriteMany' } },
  ],
];

const different: readonly Change[] = [
  ...both('a new run', { urumi: { ...urumi, setupRun: 2 } }),
  ...both('another shop name', { shop: { name: 'Other' } }),
  ...both('another currency', { shop: { currency: 'USD' } }),
  ...both('another address', { host: 'other.shop.example' }),
  ...both('other resources of setup', { resources: { setup: { memoryLimit: 700 } } }),
  ['another server image', 'medusa', { medusa: { serverImage: { tag: '2.22.0' } } }],
  ['another web image', 'woocommerce', { woocommerce: { ...woocommerce, image: { tag: '11.0.2' } } }],
  ['another locale', 'woocommerce', { shop: { locale: 'de_DE' } }],
];

describe('the setup Job keeps its name with', () => {
  test.each(same)('%s (%s)', async (_what, engine, values) => {
    expect(nameOf(await renderStore(scratchFor(engine, values)))).toBe(nameOf(await renderStore(base[engine])));
  });
});

describe('the setup Job is a new one with', () => {
  test.each(different)('%s (%s)', async (_what, engine, values) => {
    expect(nameOf(await renderStore(scratchFor(engine, values)))).not.toBe(nameOf(await renderStore(base[engine])));
  });
});

test.each(engines)('%s: its name tells the run and the hash of what cannot be changed', async (engine) => {
  expect(nameOf(await renderStore(base[engine]))).toMatch(/^store-setup-1-[0-9a-f]{8}$/);
  const second = scratchFor(engine, { urumi: { ...urumi, setupRun: 2 } });
  expect(nameOf(await renderStore(second))).toMatch(/^store-setup-2-[0-9a-f]{8}$/);
});

test.each(engines)('%s: a second run is the same Job in both routes', async (engine) => {
  const second = { urumi: { ...urumi, setupRun: 2 } };
  expect(nameOf(await renderStore(valuesFor(engine, second)))).toBe(
    nameOf(await renderStore(scratchFor(engine, second))),
  );
});

test.each(engines)(
  '%s: it keeps failed pods, gives up on bad input at once, and is never cleaned up',
  async (engine) => {
    const { spec } = jobOf(await renderStore(base[engine]));
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
  },
);

test.each(engines)('%s: what serves waits longer for its first answer than setup may take', async (engine) => {
  for (const deadlineSeconds of [600, 1200]) {
    const objects = await renderStore(valuesFor(engine, { setup: { deadlineSeconds } }));
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
