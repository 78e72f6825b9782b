/** Each values file stands up to `helm lint --strict`, renders, and says what its cluster needs. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { render, runHelm } from '../../testing/helm.ts';
import { containersOf, find, podTemplates } from '../../testing/objects.ts';
import { storeChart, storeValues } from '../../testing/store-chart.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const medusa = { serverImage: { digest }, storefrontImage: { digest }, databaseImage: { digest } };

describe.each([
  { file: 'values.yaml', values: storeValues },
  { file: 'values-local.yaml', values: storeValues },
  { file: 'values-prod.yaml', values: { ...storeValues, medusa } },
])('$file', ({ file, values }) => {
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

test('values-local.yaml: images loaded by hand, http on 8080, no way out', async () => {
  const objects = await render({
    chart: storeChart,
    files: [join(storeChart, 'values-local.yaml')],
    values: storeValues,
  });
  const containers = podTemplates(objects).flatMap(({ template }) => containersOf(template.spec));
  expect(new Set(containers.map(({ imagePullPolicy }) => imagePullPolicy))).toEqual(new Set(['Never']));
  expect(new Set(containers.map(({ image }) => image))).toEqual(
    new Set([
      'localhost/urumi/medusa-server:2.21.2',
      'localhost/urumi/medusa-storefront:0.1.0',
      'localhost/urumi/postgres:17',
    ]),
  );
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

test('the notes name the address and how to read the password, never the password', async () => {
  const run = await runHelm(
    ['install', 'store', storeChart, '--dry-run=client', '--namespace', 'store-k7m2q0l1', '--values', '-'],
    JSON.stringify(storeValues),
  );
  const notes = run.stdout.slice(run.stdout.indexOf('NOTES:'));
  expect(notes).toContain('Shop will answer at https://k7m2q0l1.shop.example');
  expect(notes).toContain('kubectl --namespace store-k7m2q0l1 get secret store-admin');
  expect(notes).not.toMatch(/[A-Za-z0-9]{24}/);
});
