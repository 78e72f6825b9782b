/** Each values file stands up to `helm lint --strict`, renders, and says what its cluster needs. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { render, runHelm, type Values } from '../../testing/helm.ts';
import { containersOf, find, podTemplates } from '../../testing/objects.ts';
import { engines, pluginVersion, scratchFor, storeChart, valuesFor, wooValues } from '../../testing/store-chart.ts';

const digest = `sha256:${'0'.repeat(64)}`;
/** What values-prod.yaml asks for beside a host. */
const digests = {
  woocommerce: { ...wooValues.woocommerce, image: { digest }, databaseImage: { digest } },
  medusa: { serverImage: { digest }, storefrontImage: { digest }, databaseImage: { digest } },
};
const files = ['values.yaml', 'values-local.yaml', 'values-prod.yaml'];

describe.each(files.flatMap((file) => engines.map((engine) => ({ file, engine }))))('$file, $engine', (row) => {
  const { file, engine } = row;
  const values = valuesFor(engine, file === 'values-prod.yaml' ? { [engine]: digests[engine] } : {});

  test('passes helm lint --strict', async () => {
    const run = await runHelm(
      ['lint', storeChart, '--strict', '--values', join(storeChart, file), '--values', '-'],
      JSON.stringify(values),
    );
    expect(run.stdout + run.stderr).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(run.code).toBe(0);
  });

  test('renders', async () => {
    const objects = await render({ chart: storeChart, files: [join(storeChart, file)], values });
    expect(objects.length).toBeGreaterThan(20);
  });
});

test.each([
  {
    engine: 'woocommerce' as const,
    images: [`localhost/urumi/woocommerce:${pluginVersion}`, `localhost/urumi/mariadb-woocommerce:${pluginVersion}`],
  },
  {
    engine: 'medusa' as const,
    images: [
      'localhost/urumi/medusa-server:2.21.2',
      'localhost/urumi/medusa-storefront:0.1.0',
      'localhost/urumi/postgres-medusa:2.21.2',
    ],
  },
])('values-local.yaml, $engine: images loaded by hand, http on 8080, no way out', async ({ engine, images }) => {
  const objects = await render({
    chart: storeChart,
    files: [join(storeChart, 'values-local.yaml')],
    values: valuesFor(engine),
  });
  const containers = podTemplates(objects).flatMap(({ template }) => containersOf(template.spec));
  expect(new Set(containers.map(({ imagePullPolicy }) => imagePullPolicy))).toEqual(new Set(['Never']));
  expect(new Set(containers.map(({ image }) => image))).toEqual(new Set(images));
  expect(find(objects, 'Ingress', 'store-shop').spec).not.toHaveProperty('tls');
  expect(objects.some(({ metadata }) => metadata.name === 'store-internet')).toBe(false);
});

test('the packed chart holds no tests and stays far below the 1 MiB of a release', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'urumi-chart-'));
  try {
    const run = await runHelm(['package', storeChart, '--destination', folder]);
    expect(run.stderr).toBe('');
    const archive = join(folder, 'ecommerce-store-0.1.0.tgz');
    expect((await stat(archive)).size).toBeLessThan(256 * 1024);
    const shown = await runHelm(['show', 'values', archive]);
    expect(shown.stdout.trim()).toBe((await readFile(join(storeChart, 'values.yaml'), 'utf8')).trim());
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  { engine: 'woocommerce' as const, admin: '/wp-admin/', pages: 'web' },
  { engine: 'medusa' as const, admin: '/app', pages: 'storefront' },
])('the notes of $engine name the address and how to read the password, never the password', async (row) => {
  const notes = await notesOf(scratchFor(row.engine, { exposure: { mode: 'none' } }));
  expect(notes).toContain('Shop will answer at https://k7m2q0l1.shop.example\n');
  expect(notes).toContain(`port-forward service/store-${row.pages} 8080`);
  expect(notes).toContain('Setup runs first');
  expect(notes).toContain(`Administration: https://k7m2q0l1.shop.example${row.admin}\n`);
  expect(notes).toContain('kubectl --namespace store-k7m2q0l1 get secret store-admin');
  expect(notes).not.toMatch(/[A-Za-z0-9]{24}/);
});

test('the notes of a shop from template name it, and no Job', async () => {
  const notes = await notesOf(wooValues);
  expect(notes).toContain(`It comes filled, from template ${wooValues.woocommerce.template}; no setup Job runs.`);
  expect(notes).not.toContain('Setup runs first');
});

async function notesOf(values: Values): Promise<string> {
  const args = ['install', 'store', storeChart, '--dry-run=client', '--namespace', 'store-k7m2q0l1', '--values', '-'];
  const run = await runHelm(args, JSON.stringify(values));
  expect(run.stderr).toBe('');
  return run.stdout.slice(run.stdout.indexOf('NOTES:'));
}
