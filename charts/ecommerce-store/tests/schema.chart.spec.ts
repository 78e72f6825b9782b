/** The schema is the chart's door: helm and ajv agree on every row, and it knows exactly the values there are. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runTemplate, type Values } from '../../testing/helm.ts';
import { leastValues, storeChart, wooValues } from '../../testing/store-chart.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly $ref?: string;
}

const schema = JSON.parse(readFileSync(`${storeChart}/values.schema.json`, 'utf8')) as Schema;
const defaults = parse(readFileSync(`${storeChart}/values.yaml`, 'utf8')) as Values;
const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);

/** The values of tests that have no plugin archive. */
const withoutPlugin = {
  ...leastValues,
  engine: 'woocommerce',
  woocommerce: {
    plugin: false,
    image: { repository: 'urumi/wordpress', tag: '7.1.1' },
    databaseImage: { repository: 'urumi/mariadb-wordpress', tag: '7.1.1' },
    template: 'wordpress-7.1.1-en_US-01234567',
  },
};

const bad: readonly [string, Values][] = [
  ['no engine', { host: 'a.example' }],
  ['no host', { engine: 'medusa' }],
  ['an unknown engine', { ...leastValues, engine: 'magento' }],
  ['an engine in upper case', { ...leastValues, engine: 'WooCommerce' }],
  ['an empty engine', { ...leastValues, engine: '' }],
  ['an unknown route of setup', { ...leastValues, setup: { route: 'fast' } }],
  ['an unknown access mode', { ...leastValues, storage: { accessMode: 'ReadWriteOncePod' } }],
  ['a node by name', { ...leastValues, scheduling: { nodeName: 'node1' } }],
  ['a toleration of an unknown effect', { ...leastValues, scheduling: { tolerations: [{ effect: 'NoWay' }] } }],
  ['no web pod', { ...leastValues, woocommerce: { replicas: 0 } }],
  ['web pods by word', { ...leastValues, woocommerce: { replicas: 'two' } }],
  ['a plugin by name', { ...leastValues, woocommerce: { plugin: 'woocommerce' } }],
  ['a template that is a path', { ...leastValues, woocommerce: { template: '../../etc/passwd' } }],
  ['a template of another kind', { ...leastValues, medusa: { template: 'magento-1-EUR-01234567' } }],
  ['a template without its hash', { ...leastValues, medusa: { template: 'medusa-2.21.2-EUR' } }],
  ['an unknown key', { ...leastValues, sise: 'S' }],
  ['an unknown key below', { ...leastValues, exposure: { annotations: {} } }],
  ['a host in upper case', { ...leastValues, host: 'Shop.example' }],
  ['a host of one label', { ...leastValues, host: 'localhost' }],
  ['a host with a port', { ...leastValues, host: 'shop.example:8080' }],
  ['a wildcard host', { ...leastValues, host: '*.example' }],
  ['an address for a host', { ...leastValues, host: '10.0.0.1' }],
  ['a host ending in a line break', { ...leastValues, host: 'shop.example\n' }],
  ['a host with a template', { ...leastValues, host: '{{ .Release.Name }}.example' }],
  ['a host with a label of 64', { ...leastValues, host: `${'a'.repeat(64)}.example` }],
  ['a host of 254 characters', { ...leastValues, host: `${'a.'.repeat(125)}exam` }],
  ['a bad extra host', { ...leastValues, extraHosts: ['shop_1.example'] }],
  ['a size in lower case', { ...leastValues, size: 's' }],
  ['a blank shop name', { ...leastValues, shop: { name: '   ' } }],
  ['an endless shop name', { ...leastValues, shop: { name: 'a'.repeat(201) } }],
  ['a shop name that is a number', { ...leastValues, shop: { name: 42 } }],
  ['a currency in lower case', { ...leastValues, shop: { currency: 'eur' } }],
  ['a locale with a hyphen', { ...leastValues, shop: { locale: 'en-US' } }],
  ['an address without a host', { ...leastValues, shop: { adminEmail: 'admin' } }],
  ['an address with a line break', { ...leastValues, shop: { adminEmail: 'a@b.example\nX: y' } }],
  ['a store id that is a path', { ...leastValues, urumi: { storeId: '../kube-system' } }],
  ['a generation below zero', { ...leastValues, urumi: { generation: -1 } }],
  ['a generation that is a text', { ...leastValues, urumi: { generation: '7' } }],
  ['a setup run of zero', { ...leastValues, urumi: { setupRun: 0 } }],
  ['an unknown pull policy', { ...leastValues, images: { pullPolicy: 'Sometimes' } }],
  ['a registry with a scheme', { ...leastValues, images: { registry: 'https://registry.example' } }],
  ['a tag that always means another image', { ...leastValues, medusa: { serverImage: { tag: 'latest' } } }],
  ['a short digest', { ...leastValues, medusa: { serverImage: { digest: 'sha256:abc' } } }],
  ['a repository in upper case', { ...leastValues, medusa: { serverImage: { repository: 'Urumi/server' } } }],
  ['an unknown mode', { ...leastValues, exposure: { mode: 'loadbalancer' } }],
  ['a port out of range', { ...leastValues, exposure: { port: 65_536 } }],
  ['a range without its length', { ...leastValues, network: { dns: { cidrs: ['10.0.0.1'] } } }],
  ['a range longer than an address', { ...leastValues, network: { internet: { deny: ['10.0.0.0/33'] } } }],
  ['a range of no address', { ...leastValues, network: { internet: { deny: ['10.0.0.256/24'] } } }],
  [
    'an ingress by pods and range at once',
    { ...leastValues, network: { ingressFrom: [{ namespace: 'a', cidr: '10.0.0.0/8' }] } },
  ],
  ['an ingress of nobody', { ...leastValues, network: { ingressFrom: [{}] } }],
  ['a setup without time', { ...leastValues, setup: { deadlineSeconds: 0 } }],
  ['a Secret name with a slash', { ...leastValues, existingSecrets: { admin: '../other' } }],
  ['a password', { ...leastValues, shop: { adminPassword: 'x' } }],
  ['resources of an unknown component', { ...leastValues, resources: { sidecar: { cpuLimit: 1 } } }],
  ['resources as quantities', { ...leastValues, resources: { server: { memoryLimit: '1Gi' } } }],
];

const good: readonly [string, Values][] = [
  ['the least', leastValues],
  ['WooCommerce', wooValues],
  ['WordPress without the plugin', withoutPlugin],
  ['no template', { ...leastValues, medusa: { template: '' } }],
  [
    'more web pods',
    { ...wooValues, storage: { accessMode: 'ReadWriteMany' }, woocommerce: { ...wooValues.woocommerce, replicas: 3 } },
  ],
  ['what charts above may add', { ...leastValues, global: { anything: 1 } }],
  ['a local host', { ...leastValues, host: 'k7m2q0l1.localhost' }],
  ['an international host', { ...leastValues, host: 'xn--mnchen-3ya.example', extraHosts: ['a-b.c.d.example'] }],
  ['a mirror with port and path', { ...leastValues, images: { registry: 'registry.example:5000/mirror/shops' } }],
  ['IPv6 ranges', { ...leastValues, network: { internet: { deny: ['2001:db8::/32', '203.0.113.7/32'] } } }],
  ['the largest generation', { ...leastValues, urumi: { generation: Number.MAX_SAFE_INTEGER } }],
];

describe('the schema refuses', () => {
  test.each(bad)('%s', async (_name, values) => {
    expect(validate(merged(values))).toBe(false);
    const run = await runTemplate({ chart: storeChart, values });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain("values don't meet the specifications of the schema");
  });
});

describe('the schema takes', () => {
  test.each(good)('%s', async (_name, values) => {
    expect(validate(merged(values)), JSON.stringify(validate.errors)).toBe(true);
    const run = await runTemplate({ chart: storeChart, values });
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
  });
});

test('values.yaml gives every value of the schema, and the schema knows every value of values.yaml', () => {
  const known = keysOfSchema(schema).filter((key) => key !== 'global' && !key.startsWith('resources.'));
  expect(keysOfValues(defaults, known).sort()).toEqual(known.sort());
});

test('no object of the schema takes unknown keys, but for global and labels', () => {
  const open = openObjects(schema as Readonly<Record<string, unknown>>, '');
  expect(open).toEqual(['/properties/global']);
});

/** Values over the chart's defaults, as helm does it: maps join, a null default is no value. */
function merged(values: Values, base: Values = defaults): Values {
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(values)])) {
    const [own, given] = [base[key], values[key]];
    const value = isMap(own) && isMap(given) ? merged(given, own) : key in values ? given : own;
    if (value !== null) result[key] = value;
  }
  return result;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Dotted keys of all leaves a schema names; a `$ref` to an image is followed, others are leaves. */
function keysOfSchema(part: Schema, prefix = ''): string[] {
  const resolved = part.$ref === '#/definitions/image' ? resolveRef(part.$ref) : part;
  if (resolved.properties === undefined) return [prefix];
  return Object.entries(resolved.properties).flatMap(([key, below]) =>
    keysOfSchema(below, prefix ? `${prefix}.${key}` : key),
  );
}

function resolveRef(ref: string): Schema {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>>)[key], schema) as Schema;
}

/** Dotted keys of all leaves of values; what the schema calls a leaf is one, whatever it holds. */
function keysOfValues(values: Values, leaves: readonly string[], prefix = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    if (leaves.includes(path) || !isMap(value)) return [path];
    return keysOfValues(value, leaves, path);
  });
}

function openObjects(part: Readonly<Record<string, unknown>>, path: string): string[] {
  const isOpen = part['type'] === 'object' && part['additionalProperties'] === undefined;
  const below = Object.entries(part).flatMap(([key, value]) =>
    isMap(value) ? openObjects(value, `${path}/${key}`) : [],
  );
  return isOpen ? [path, ...below] : below;
}
