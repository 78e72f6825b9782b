/** What the schema cannot say fails before anything is made, with the cause and what to do. */
import { describe, expect, test } from 'vitest';
import { runTemplate, type Values } from '../../testing/helm.ts';
import { gatewayApi, storeChart, storeValues } from '../../testing/store-chart.ts';

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
    name: 'an engine that is known but not there yet',
    values: { ...storeValues, engine: 'woocommerce' },
    cause: 'Engine woocommerce is known but this version of the chart does not render it yet',
    remedy: 'Use `engine: medusa`',
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
