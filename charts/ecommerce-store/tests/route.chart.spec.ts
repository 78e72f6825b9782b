/** From template or from scratch: a template is used where its name says that it fits, and nowhere else. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { templateName } from '@urumi/images/template-name';
import type { Values } from '../../testing/helm.ts';
import { find, templateOf, type KubeObject } from '../../testing/objects.ts';
import {
  engines,
  pluginVersion,
  renderStore,
  storeChart,
  storeValues,
  valuesFor,
  wooValues,
  type Engine,
} from '../../testing/store-chart.ts';

const urumi = storeValues.urumi;
const { woocommerce } = wooValues;
const medusaTemplate = templateName('medusa', '2.21.2', 'EUR');

interface Row {
  readonly name: string;
  readonly engine: Engine;
  readonly values: Values;
  /** Name the database unpacks; none on the scratch route. */
  readonly template?: string;
  readonly hasJob: boolean;
}

const rows: readonly Row[] = [
  { name: 'a fitting template', engine: 'woocommerce', values: {}, template: woocommerce.template, hasJob: false },
  { name: 'a fitting template', engine: 'medusa', values: {}, template: medusaTemplate, hasJob: false },
  {
    name: 'a second run on a live shop',
    engine: 'woocommerce',
    values: { urumi: { ...urumi, setupRun: 2 } },
    template: woocommerce.template,
    hasJob: true,
  },
  {
    name: 'a second run on a live shop',
    engine: 'medusa',
    values: { urumi: { ...urumi, setupRun: 2 } },
    template: medusaTemplate,
    hasJob: true,
  },
  {
    name: 'a currency, which WordPress renews',
    engine: 'woocommerce',
    values: { shop: { currency: 'USD', name: 'Other' } },
    template: woocommerce.template,
    hasJob: false,
  },
  { name: 'a currency', engine: 'medusa', values: { shop: { currency: 'USD' } }, hasJob: true },
  { name: 'a locale', engine: 'woocommerce', values: { shop: { locale: 'de_DE' } }, hasJob: true },
  { name: 'another version', engine: 'medusa', values: { medusa: { serverImage: { tag: '2.22.0' } } }, hasJob: true },
  {
    name: 'another version',
    engine: 'woocommerce',
    values: { woocommerce: { ...woocommerce, image: { tag: '11.0.2' } } },
    hasJob: true,
  },
  {
    name: 'another product list',
    engine: 'medusa',
    values: { medusa: { template: 'medusa-2.21.2-EUR-00000000' } },
    hasJob: true,
  },
  { name: 'no template', engine: 'medusa', values: { medusa: { template: '' } }, hasJob: true },
  {
    name: 'the template of a plugin, without the plugin',
    engine: 'woocommerce',
    values: { woocommerce: { ...woocommerce, plugin: false } },
    hasJob: true,
  },
  {
    name: 'the template of WordPress, without the plugin',
    engine: 'woocommerce',
    values: {
      woocommerce: {
        plugin: false,
        image: { repository: 'urumi/wordpress', tag: '7.1.1' },
        databaseImage: { repository: 'urumi/mariadb-wordpress', tag: '7.1.1' },
        template: templateName('wordpress', '7.1.1', 'en_US'),
      },
    },
    template: templateName('wordpress', '7.1.1', 'en_US'),
    hasJob: false,
  },
  { name: 'a wish for scratch', engine: 'medusa', values: { setup: { route: 'scratch' } }, hasJob: true },
  {
    name: 'a wish for the template that fits',
    engine: 'medusa',
    values: { setup: { route: 'template' } },
    template: medusaTemplate,
    hasJob: false,
  },
];

test.each(rows)('$engine, $name: template $template, a Job: $hasJob', async ({ engine, values, template, hasJob }) => {
  const objects = await renderStore(valuesFor(engine, values));
  expect(variable(objects, 'StatefulSet', 'store-database', 'TEMPLATE')).toBe(template ?? '');
  const serving = engine === 'woocommerce' ? 'store-web' : 'store-server';
  expect(variable(objects, 'Deployment', serving, 'SETUP_ROUTE')).toBe(template === undefined ? 'scratch' : 'template');
  const kinds = objects.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'Job')).toHaveLength(hasJob ? 1 : 0);
  // What the Job reads is there with it, and only then.
  expect(kinds.includes('ConfigMap')).toBe(hasJob);
  const claim = find(objects, 'PersistentVolumeClaim', 'store-database-data');
  expect(claim.metadata.annotations?.['urumi.dev/template']).toBe(template);
});

test.each(engines)('%s: the route changes no more than it must', async (engine) => {
  const [template, scratch] = await Promise.all(
    ['template', 'scratch'].map((route) => renderStore(valuesFor(engine, { setup: { route } }))),
  );
  const names = (objects: readonly KubeObject[] = []) =>
    objects
      .filter(({ kind }) => !['Job', 'ConfigMap'].includes(kind))
      .map(({ kind, metadata }) => kind + metadata.name);
  expect(names(template)).toEqual(names(scratch));
});

test('the shop that runs on the scratch route gets the name and the currency from setup alone', async () => {
  const objects = await renderStore(valuesFor('medusa', { setup: { route: 'scratch' } }));
  expect(variable(objects, 'Deployment', 'store-server', 'SHOP_NAME')).toBeUndefined();
});

describe('the template of values.yaml', () => {
  const { medusa } = parse(readFileSync(`${storeChart}/values.yaml`, 'utf8')) as {
    medusa: { template: string; serverImage: { tag: string } };
  };

  test('is the one of files/medusa', () => {
    const expected = templateName('medusa', medusa.serverImage.tag, 'EUR');
    const fix = `sed -i 's/^  template: medusa-.*/  template: ${expected}/' charts/ecommerce-store/values.yaml && pnpm --filter @urumi/charts readme`;
    expect(medusa.template, `files/medusa or the version changed; run: ${fix}`).toBe(expected);
  });

  test("of WooCommerce is nobody's: its version is that of a given archive", async () => {
    const objects = await renderStore(valuesFor('woocommerce', { woocommerce: { ...woocommerce, template: '' } }));
    expect(variable(objects, 'StatefulSet', 'store-database', 'TEMPLATE')).toBe('');
    expect(woocommerce.template).toMatch(new RegExp(`^woocommerce-${pluginVersion}-en_US-[0-9a-f]{8}$`));
  });
});

function variable(objects: readonly KubeObject[], kind: string, name: string, key: string): string | undefined {
  return templateOf(objects, kind, name).spec.containers[0]?.env?.find((entry) => entry.name === key)?.value;
}
