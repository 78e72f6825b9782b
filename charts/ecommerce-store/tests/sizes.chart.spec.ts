/** The figures of every size: whole, ordered, fitting each other, and the same that people are shown. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { engines as catalog } from '@urumi/shared/domain/engines/catalog';
import { planIds } from '@urumi/shared/domain/plans';
import { podTemplates } from '../../testing/objects.ts';
import { parseQuantity } from '../../testing/quantities.ts';
import { engines, renderStore, scratchFor, storeChart, type Engine } from '../../testing/store-chart.ts';

interface Figures {
  readonly cpuRequest: number;
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

interface Size {
  readonly claims: { readonly database: number; readonly uploads: number };
  readonly databaseBuffers: number;
  readonly phpWorkers?: number;
  readonly [component: string]: unknown;
}

const mebi = 2 ** 20;
const table = parse(readFileSync(`${storeChart}/files/sizes.yaml`, 'utf8')) as Record<Engine, Record<string, Size>>;
const rows = engines.flatMap((engine) => planIds.map((size) => ({ engine, size })));
const components = {
  woocommerce: ['web', 'database', 'setup'],
  medusa: ['server', 'storefront', 'database', 'setup'],
};

test('every engine has every size, and nothing else', () => {
  expect(Object.keys(table).sort()).toEqual([...engines].sort());
  for (const engine of engines) expect(Object.keys(table[engine])).toEqual([...planIds]);
});

describe.each(rows)('$engine $size', ({ engine, size }) => {
  const figures = table[engine][size] as Size;
  const rendered = renderStore(scratchFor(engine, { size }));
  const shown = catalog[engine].footprint[size];
  const of = (component: string) => figures[component] as Figures;

  test('holds whole numbers for its components, and nothing else', () => {
    const others = ['claims', 'databaseBuffers', ...(engine === 'woocommerce' ? ['phpWorkers'] : [])];
    expect(Object.keys(figures).sort()).toEqual([...components[engine], ...others].sort());
    expect(leaves(figures).filter((leaf) => !Number.isInteger(leaf) || Number(leaf) < 1)).toEqual([]);
  });

  test('asks for no more than it allows', () => {
    for (const component of components[engine]) {
      expect(of(component).cpuRequest, component).toBeLessThanOrEqual(of(component).cpuLimit);
      expect(of(component).memoryRequest, component).toBeLessThanOrEqual(of(component).memoryLimit);
    }
  });

  test('has memory for what runs in it', () => {
    expect(of('database').memoryRequest).toBeGreaterThan(figures.databaseBuffers);
    expect(of('database').memoryLimit).toBeGreaterThanOrEqual(1.5 * figures.databaseBuffers);
    // 192 MiB of /tmp in memory, and 80 MiB for each worker: a page takes 60.
    if (engine === 'woocommerce')
      expect(of('web').memoryLimit).toBeGreaterThanOrEqual(192 + 80 * (figures.phpWorkers ?? 0));
  });

  test('sets up as every other size does, so that resizing does not run setup again', () => {
    expect(figures['setup']).toEqual(table[engine]['S']?.['setup']);
  });

  test('renders its figures', async () => {
    for (const { owner, template } of podTemplates(await rendered)) {
      const component = template.metadata.labels['app.kubernetes.io/component'] ?? '';
      if (component === 'test') continue;
      const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = of(component);
      expect(template.spec.containers[0]?.resources, owner.metadata.name).toEqual({
        requests: { cpu: `${cpuRequest}m`, memory: `${memoryRequest}Mi` },
        limits: { cpu: `${cpuLimit}m`, memory: `${memoryLimit}Mi` },
      });
    }
  });

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

test('a larger size is smaller in nothing', () => {
  for (const engine of engines) {
    const [small = [], medium = [], large = []] = planIds.map((size) => leaves(table[engine][size]).map(Number));
    for (const [index, figure] of medium.entries()) {
      expect(figure).toBeGreaterThanOrEqual(small[index] ?? 0);
      expect(large[index]).toBeGreaterThanOrEqual(figure);
    }
  }
});

test('PHP workers and database memory reach the processes', async () => {
  const variables = podTemplates(await renderStore(scratchFor('woocommerce', { size: 'M' }))).flatMap(
    ({ template }) => template.spec.containers[0]?.env ?? [],
  );
  expect(variables).toContainEqual({ name: 'PHP_WORKERS', value: '8' });
  expect(variables).toContainEqual({ name: 'BUFFER_POOL_MB', value: '256' });
  expect(variables).toContainEqual({ name: 'MAX_CONNECTIONS', value: '18' });
});

/** Every value of a tree that is no map. */
function leaves(part: unknown): unknown[] {
  if (typeof part !== 'object' || part === null) return [part];
  return Object.values(part).flatMap(leaves);
}
