/** Which path of which host leads where, by Ingress or HTTPRoute. */
import { describe, expect, test } from 'vitest';
import { find, templateOf, type KubeObject } from '../../testing/objects.ts';
import { engines, modes, renderStore, storeValues, toValues, valuesFor } from '../../testing/store-chart.ts';

interface IngressSpec {
  readonly ingressClassName?: string;
  readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName?: string }[];
  readonly rules: readonly {
    readonly host: string;
    readonly http: {
      readonly paths: readonly {
        readonly path: string;
        readonly pathType: string;
        readonly backend: { readonly service: { readonly name: string; readonly port: { readonly number: number } } };
      }[];
    };
  }[];
}

/** Medusa's API paths lead to its server; every other path of both engines to what serves the pages. */
const tables = {
  woocommerce: ['/ store-web:8080'],
  medusa: ['/store', '/admin', '/auth', '/app', '/health', '/hooks', '/static']
    .map((path) => `${path} store-server:9000`)
    .concat('/ store-storefront:8080'),
};

test.each(engines)('%s: an Ingress leads every path of every host where it belongs', async (engine) => {
  const spec = ingressOf(await renderStore(valuesFor(engine, { extraHosts: ['www.shop.example', storeValues.host] })));
  expect(spec.rules.map(({ host }) => host)).toEqual([storeValues.host, 'www.shop.example']);
  for (const { http } of spec.rules) {
    expect(http.paths.every(({ pathType }) => pathType === 'Prefix')).toBe(true);
    expect(
      http.paths.map(({ path, backend: { service } }) => `${path} ${service.name}:${service.port.number}`),
    ).toEqual(tables[engine]);
  }
  expect(spec).not.toHaveProperty('ingressClassName');
});

test.each(engines)('%s: an HTTPRoute says the same at the named Gateway', async (engine) => {
  const objects = await renderStore(toValues({ engine, route: 'template', mode: 'gateway', size: 'S' }));
  const spec = find(objects, 'HTTPRoute', 'store-shop').spec as unknown as {
    parentRefs: unknown;
    hostnames: unknown;
    rules: { matches: { path: { type: string; value: string } }[]; backendRefs: { name: string; port: number }[] }[];
  };
  expect(spec.parentRefs).toEqual([{ name: 'shops', namespace: 'edge', sectionName: 'https' }]);
  expect(spec.hostnames).toEqual([storeValues.host]);
  const rows = spec.rules.map(({ matches, backendRefs }) => {
    const [match, backend] = [matches[0], backendRefs[0]];
    return `${match?.path.value} ${backend?.name}:${backend?.port}`;
  });
  expect(rows).toEqual(tables[engine]);
});

test.each(engines.flatMap((engine) => modes.map((mode) => ({ engine, mode }))))(
  '$engine: mode $mode makes that route and no other',
  async ({ engine, mode }) => {
    const kinds = (await renderStore(toValues({ engine, route: 'template', mode, size: 'S' }))).map(({ kind }) => kind);
    expect(kinds.includes('Ingress')).toBe(mode === 'ingress');
    expect(kinds.includes('HTTPRoute')).toBe(mode === 'gateway');
  },
);

test.each(engines)('%s: the pages answer every host that leads to them, and know their own address', async (engine) => {
  const objects = await renderStore(valuesFor(engine, { extraHosts: ['www.shop.example'] }));
  const pages = templateOf(objects, 'Deployment', engine === 'woocommerce' ? 'store-web' : 'store-storefront');
  const [container] = pages.spec.containers;
  expect(container?.env).toContainEqual({ name: 'HOST', value: `${storeValues.host},www.shop.example` });
  expect(container?.env).toContainEqual({ name: 'STORE_URL', value: `https://${storeValues.host}` });
  for (const probe of [container?.startupProbe, container?.readinessProbe, container?.livenessProbe]) {
    expect(probe?.httpGet?.httpHeaders).toEqual([{ name: 'Host', value: storeValues.host }]);
  }
});

describe('certificates', () => {
  test('plain http has none', async () => {
    const spec = ingressOf(await renderStore({ ...storeValues, exposure: { scheme: 'http', className: 'traefik' } }));
    expect(spec).not.toHaveProperty('tls');
    expect(spec.ingressClassName).toBe('traefik');
  });

  test('the edge holds a wildcard unless one is named', async () => {
    expect(ingressOf(await renderStore(storeValues)).tls).toEqual([{ hosts: [storeValues.host] }]);
    const tls = { secretName: 'own-certificate' };
    expect(ingressOf(await renderStore({ ...storeValues, exposure: { tls } })).tls).toEqual([
      { hosts: [storeValues.host], secretName: 'own-certificate' },
    ]);
  });

  test('an issuer is one fixed annotation', async () => {
    const objects = await renderStore({ ...storeValues, exposure: { tls: { clusterIssuer: 'letsencrypt' } } });
    expect(find(objects, 'Ingress', 'store-shop').metadata.annotations).toEqual({
      'urumi.dev/generation': '7',
      'cert-manager.io/cluster-issuer': 'letsencrypt',
    });
    expect(ingressOf(objects).tls).toEqual([{ hosts: [storeValues.host], secretName: 'store-tls' }]);
  });
});

test.each([
  [{ scheme: 'https' }, 'https://k7m2q0l1.shop.example'],
  [{ scheme: 'https', port: 443 }, 'https://k7m2q0l1.shop.example'],
  [{ scheme: 'https', port: 8443 }, 'https://k7m2q0l1.shop.example:8443'],
  [{ scheme: 'http' }, 'http://k7m2q0l1.shop.example'],
  [{ scheme: 'http', port: 80 }, 'http://k7m2q0l1.shop.example'],
  [{ scheme: 'http', port: 8080 }, 'http://k7m2q0l1.shop.example:8080'],
])('the address of the shop with %j is %s', async (exposure, url) => {
  const text = JSON.stringify(await renderStore({ ...storeValues, exposure }));
  expect(text).toContain(`{"name":"STORE_URL","value":"${url}"}`);
});

function ingressOf(objects: readonly KubeObject[]): IngressSpec {
  return find(objects, 'Ingress', 'store-shop').spec as unknown as IngressSpec;
}
