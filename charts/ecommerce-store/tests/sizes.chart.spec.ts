/** The figures people see of a size are the chart's. */
import { describe, expect, test } from 'vitest';
import { engines } from '@urumi/shared/domain/engines/catalog';
import { planIds } from '@urumi/shared/domain/plans';
import { podTemplates } from '../../testing/objects.ts';
import { parseQuantity } from '../../testing/quantities.ts';
import { renderStore, storeValues } from '../../testing/store-chart.ts';

const mebi = 2 ** 20;

describe.each(planIds)('medusa %s', (size) => {
  const rendered = renderStore({ ...storeValues, size });
  const shown = engines.medusa.footprint[size];

  test('asks for the memory that is shown', async () => {
    const steady = podTemplates(await rendered).filter(({ owner }) => !['Job', 'Pod'].includes(owner.kind));
    const requests = steady.flatMap(({ template }) =>
      template.spec.containers.map(({ resources }) => resources?.requests['memory'] ?? ''),
    );
    expect(requests.reduce((sum, text) => sum + parseQuantity(text), 0) / mebi).toBe(shown.memoryMiB);
  });

  test('claims the storage that is shown', async () => {
    const claims = (await rendered).filter(({ kind }) => kind === 'PersistentVolumeClaim');
    const asked = claims.map(
      ({ spec }) => (spec as { resources: { requests: { storage: string } } }).resources.requests.storage,
    );
    expect(asked.reduce((sum, text) => sum + parseQuantity(text), 0) / mebi / 1024).toBe(shown.storageGiB);
  });
});
