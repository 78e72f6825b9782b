/** What the schema cannot say fails before anything is made, with the cause and what to do. */
import { describe, expect, test } from 'vitest';
import { runTemplate, type Values } from '../../testing/helm.ts';
import { gatewayApi, leastValues, storeChart, storeValues, valuesFor, wooValues } from '../../testing/store-chart.ts';

interface Case {
  readonly name: string;
  readonly values: Values;
  readonly release?: string;
  readonly files?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly cause: string;
  readonly remedy: string;
}

const digest = `sha256:${'0'.repeat(64)}`;
const image = (repository: string, tag: string, digestOf = '') => ({ repository, tag, digest: digestOf });

const cases: readonly Case[] = [
  {
    name: 'a release name of 21 characters',
    values: storeValues,
    release: 'a'.repeat(21),
    cause: 'has 21 characters, at most 20',
    remedy: 'Choose a shorter one',
  },
  {
    name: 'WooCommerce without the tag of its image',
    values: { ...leastValues, engine: 'woocommerce' },
    cause: 'woocommerce.databaseImage names neither tag nor digest',
    remedy: 'Set one of them',
  },
  {
    name: 'a public WooCommerce without digests',
    values: wooValues,
    files: ['values-prod.yaml'],
    cause: 'woocommerce.databaseImage has no digest, and images.requireDigest is on',
    remedy: 'Set woocommerce.databaseImage.digest to the `sha256:…` of urumi/mariadb-woocommerce',
  },
  {
    name: 'a template that nobody named',
    values: valuesFor('woocommerce', {
      setup: { route: 'template' },
      woocommerce: { ...wooValues.woocommerce, template: '' },
    }),
    cause: `needs the template ${wooValues.woocommerce.template} and woocommerce.template names none`,
    remedy: 'Set setup.route to `auto`, or give a database image that carries it',
  },
  {
    name: 'a template of another version',
    values: valuesFor('medusa', { setup: { route: 'template' }, medusa: { serverImage: { tag: '2.22.0' } } }),
    cause: 'setup.route is `template`, but this shop needs the template medusa-2.22.0-EUR-',
    remedy: 'Set setup.route to `auto`',
  },
  {
    name: 'a template of another currency',
    values: valuesFor('medusa', { setup: { route: 'template' }, shop: { currency: 'USD' } }),
    cause: 'this shop needs the template medusa-2.21.2-USD-',
    remedy: 'Set setup.route to `auto`',
  },
  {
    name: 'more web pods than the uploads bear',
    values: valuesFor('woocommerce', { woocommerce: { ...wooValues.woocommerce, replicas: 2 } }),
    cause: 'woocommerce.replicas is 2, but the uploads are on a ReadWriteOnce volume',
    remedy: 'Set storage.accessMode to ReadWriteMany with a storage class that many nodes can write',
  },
  {
    name: 'more memory asked for than allowed in web',
    values: valuesFor('woocommerce', { resources: { web: { memoryRequest: 2048 } } }),
    cause: 'resources.web: memoryRequest 2048 is above memoryLimit 640',
    remedy: 'Lower the request or raise the limit',
  },
  {
    name: 'a public installation without digests',
    values: storeValues,
    files: ['values-prod.yaml'],
    cause: 'has no digest, and images.requireDigest is on',
    remedy: 'Set medusa.databaseImage.digest',
  },
  {
    name: 'an image without tag and digest',
    values: { ...storeValues, medusa: { serverImage: image('urumi/medusa-server', '') } },
    cause: 'medusa.serverImage names neither tag nor digest',
    remedy: 'Set one of them',
  },
  {
    name: 'a gateway without a name',
    values: { ...storeValues, exposure: { mode: 'gateway' } },
    apiVersions: [gatewayApi],
    cause: 'exposure.mode is `gateway` but no Gateway is named',
    remedy: 'Set exposure.gateway.name',
  },
  {
    name: 'a cluster without the Gateway API',
    values: { ...storeValues, exposure: { mode: 'gateway', gateway: { name: 'shops' } } },
    cause: 'the cluster knows no HTTPRoute',
    remedy: 'Install the Gateway API',
  },
  {
    name: 'a certificate beside a gateway',
    values: { ...storeValues, exposure: { mode: 'gateway', gateway: { name: 'shops' }, tls: { secretName: 'own' } } },
    apiVersions: [gatewayApi],
    cause: "the Gateway's listener holds the certificate",
    remedy: 'Clear exposure.tls',
  },
  {
    name: 'a certificate for plain http',
    values: { ...storeValues, exposure: { scheme: 'http', tls: { clusterIssuer: 'letsencrypt' } } },
    cause: 'exposure.scheme is `http`, which needs no certificate',
    remedy: 'Use `https`, or clear exposure.tls',
  },
  {
    name: 'nobody to ask for names',
    values: { ...storeValues, network: { dns: { namespace: '' } } },
    cause: 'network.dns names nobody',
    remedy: 'Set network.dns.namespace or network.dns.cidrs',
  },
  {
    name: 'more memory asked for than allowed',
    values: { ...storeValues, resources: { server: { memoryRequest: 2048 } } },
    cause: 'resources.server: memoryRequest 2048 is above memoryLimit 768',
    remedy: 'Lower the request or raise the limit',
  },
  {
    name: 'more cpu asked for than allowed',
    values: { ...storeValues, resources: { setup: { cpuRequest: 2001 } } },
    cause: 'resources.setup: cpuRequest 2001 is above cpuLimit 2000',
    remedy: 'Lower the request or raise the limit',
  },
];

describe('a render fails with cause and remedy for', () => {
  test.each(cases)('$name', async ({ values, release, files, apiVersions, cause, remedy }) => {
    const run = await runTemplate({
      chart: storeChart,
      values,
      release,
      files: files?.map((file) => `${storeChart}/${file}`),
      apiVersions,
    });
    expect(run.code).not.toBe(0);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(cause);
    expect(run.stderr).toContain(remedy);
  });
});

test('a public installation with digests renders', async () => {
  const run = await runTemplate({
    chart: storeChart,
    files: [`${storeChart}/values-prod.yaml`],
    values: {
      ...storeValues,
      medusa: { serverImage: { digest }, storefrontImage: { digest }, databaseImage: { digest } },
    },
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).toContain(`urumi/medusa-server@${digest}`);
});

test('an engine that is not chosen needs no image', async () => {
  const woocommerce = { image: image('urumi/woocommerce', ''), databaseImage: image('urumi/mariadb-woocommerce', '') };
  const run = await runTemplate({ chart: storeChart, values: { ...storeValues, woocommerce } });
  expect(run.stderr).toBe('');
  const medusa = { serverImage: image('a', ''), storefrontImage: image('b', ''), databaseImage: image('c', '') };
  const other = await runTemplate({ chart: storeChart, values: { ...wooValues, medusa } });
  expect(other.stderr).toBe('');
});
