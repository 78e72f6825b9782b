/** Which path of which host leads where, by Ingress or HTTPRoute. */
import { describe, expect, test } from 'vitest';
import { find, type KubeObject } from '../../testing/objects.ts';
import { renderStore, storeValues, toValues } from '../../testing/store-chart.ts';

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

const table = ['/store', '/admin', '/auth', '/app', '/health', '/hooks', '/static']
  .map((path) => `${path} store-server:9000`)
  .concat('/ store-storefront:8080');

test('an Ingress leads the API paths of every host to the server, the rest to the storefront', async () => {
  const spec = ingressOf(await renderStore({ ...storeValues, extraHosts: ['www.shop.example', storeValues.host] }));
  expect(spec.rules.map(({ host }) => host)).toEqual([storeValues.host, 'www.shop.example']);
  for (const { http } of spec.rules) {
    expect(http.paths.every(({ pathType }) => pathType === 'Prefix')).toBe(true);
    expect(
      http.paths.map(({ path, backend: { service } }) => `${path} ${service.name}:${service.port.number}`),
    ).toEqual(table);
  }
  expect(spec).not.toHaveProperty('ingressClassName');
});

test('an HTTPRoute says the same at the named Gateway', async () => {
  const objects = await renderStore(toValues({ mode: 'gateway', size: 'S' }));
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
  expect(rows).toEqual(table);
});

test.each(['ingress', 'gateway', 'none'] as const)('mode %s makes that route and no other', async (mode) => {
  const kinds = (await renderStore(toValues({ mode, size: 'S' }))).map(({ kind }) => kind);
  expect(kinds.includes('Ingress')).toBe(mode === 'ingress');
  expect(kinds.includes('HTTPRoute')).toBe(mode === 'gateway');
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
