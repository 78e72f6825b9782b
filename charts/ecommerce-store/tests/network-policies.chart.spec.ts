/** The table of allowed connections, and that nothing beyond it passes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { isAllowed, type End, type Port } from '../../testing/network.ts';
import { find, podTemplates, type KubeObject } from '../../testing/objects.ts';
import { componentsOf, engines, renderStore, scratchFor, valuesFor, type Engine } from '../../testing/store-chart.ts';

const network = { internet: { deny: ['203.0.113.7/32', '2001:db8::/32'] } };
const tcp = (port: number): Port => ({ port, protocol: 'TCP' });
const ingress: End = { namespace: 'kube-system', labels: { 'app.kubernetes.io/name': 'traefik' } };
const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

interface Listener {
  readonly port: number;
  /** Who inside the namespace may reach it. */
  readonly from: readonly string[];
  readonly shoppers: boolean;
}

/** Ports each component listens on; `app` is the one that may go out. */
const tables: Readonly<Record<Engine, { readonly app: string; readonly inside: Readonly<Record<string, Listener>> }>> =
  {
    woocommerce: {
      app: 'web',
      inside: {
        database: { port: 3306, from: ['web', 'setup'], shoppers: false },
        web: { port: 8080, from: ['test'], shoppers: true },
      },
    },
    medusa: {
      app: 'server',
      inside: {
        database: { port: 5432, from: ['server', 'setup'], shoppers: false },
        server: { port: 9000, from: ['storefront'], shoppers: true },
        storefront: { port: 8080, from: ['test'], shoppers: true },
      },
    },
  };

describe.each(engines)('%s', (engine) => {
  const { app, inside } = tables[engine];
  const components = componentsOf(engine, 'scratch');
  let objects: readonly KubeObject[] = [];
  const pod = (component: string): End => ({ pod: labelsOf(objects, component) });

  beforeAll(async () => {
    objects = await renderStore(scratchFor(engine, { network }));
  });

  const rows = Object.entries(inside).flatMap(([to, { port, from }]) =>
    components.map((source) => ({ source, to, port, allowed: from.includes(source) })),
  );
  test.each(rows)('inside: $source to $to:$port is allowed: $allowed', ({ source, to, port, allowed }) => {
    expect(isAllowed(objects, pod(source), pod(to), tcp(port))).toBe(allowed);
  });

  test('no other port of any pod is open', () => {
    const ports = [22, 3306, 5432, 8080, 9000];
    for (const source of components) {
      for (const to of components) {
        for (const port of ports.filter((open) => open !== inside[to]?.port)) {
          expect(isAllowed(objects, pod(source), pod(to), tcp(port)), `${source} to ${to}:${port}`).toBe(false);
        }
      }
    }
  });

  test.each(Object.entries(inside))('shoppers reach %s as they should, and at no other port', (to, listener) => {
    expect(isAllowed(objects, ingress, pod(to), tcp(listener.port))).toBe(listener.shoppers);
    expect(isAllowed(objects, ingress, pod(to), tcp(9090))).toBe(false);
  });

  test.each([
    ['a pod of another shop', { namespace: 'store-other', labels: { 'app.kubernetes.io/name': 'traefik' } }],
    ['another pod beside the ingress', { namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } }],
    ['an address', { address: '198.51.100.1' }],
  ] satisfies [string, End][])('%s reaches nothing', (_name, from) => {
    for (const [to, { port }] of Object.entries(inside))
      expect(isAllowed(objects, from, pod(to), tcp(port))).toBe(false);
  });

  test.each(components)('%s may ask for names', (component) => {
    expect(isAllowed(objects, pod(component), dns, { port: 53, protocol: 'UDP' })).toBe(true);
    expect(isAllowed(objects, pod(component), dns, tcp(53))).toBe(true);
    expect(isAllowed(objects, pod(component), dns, tcp(443))).toBe(false);
  });

  test.each([
    ['198.51.100.1', 443, true],
    ['198.51.100.1', 587, true],
    ['198.51.100.1', 25, false],
    ['198.51.100.1', 80, false],
    ['10.96.0.1', 443, false],
    ['172.31.0.1', 443, false],
    ['192.168.1.1', 443, false],
    ['100.64.0.1', 443, false],
    ['169.254.169.254', 443, false],
    ['203.0.113.7', 443, false],
    ['2606:4700::1', 443, true],
    ['fd00::1', 443, false],
    ['fe80::1', 443, false],
    ['2001:db8::1', 443, false],
  ] satisfies [string, number, boolean][])(`${app} to %s:%i is allowed: %s`, (address, port, allowed) => {
    expect(isAllowed(objects, pod(app), { address }, tcp(port))).toBe(allowed);
  });

  test.each(components.filter((component) => component !== app))('%s reaches no address', (component) => {
    expect(isAllowed(objects, pod(component), { address: '198.51.100.1' }, tcp(443))).toBe(false);
  });

  test('nobody reaches an address where internet is off', async () => {
    const closed = await renderStore(valuesFor(engine, { network: { internet: { enabled: false } } }));
    expect(isAllowed(closed, pod(app), { address: '198.51.100.1' }, tcp(443))).toBe(false);
  });

  test('host processes are named by their addresses', async () => {
    const hosts = { dns: { namespace: '', cidrs: ['10.99.0.2/32'] }, ingressFrom: [{ cidr: '10.99.0.2/32' }] };
    const local = await renderStore(scratchFor(engine, { network: hosts }));
    const [to, { port }] = Object.entries(inside).find(([, { shoppers }]) => shoppers) ?? ['', { port: 0 }];
    expect(isAllowed(local, pod('setup'), { address: '10.99.0.2' }, { port: 53, protocol: 'UDP' })).toBe(true);
    expect(isAllowed(local, pod('setup'), dns, { port: 53, protocol: 'UDP' })).toBe(false);
    expect(isAllowed(local, { address: '10.99.0.2' }, pod(to), tcp(port))).toBe(true);
    expect(isAllowed(local, { address: '10.99.0.3' }, pod(to), tcp(port))).toBe(false);
  });

  test('the default is to deny, for every pod, both ways', () => {
    expect(find(objects, 'NetworkPolicy', 'store-default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      // Said, so that an installation takes away what somebody added.
      ingress: [],
      egress: [],
    });
  });

  test('both routes have the same policies', async () => {
    const policies = (of: readonly KubeObject[]) => of.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies(await renderStore(valuesFor(engine, { network })))).toEqual(policies(objects));
  });
});

/** Labels of a component's pods as its own template gives them. */
function labelsOf(rendered: readonly KubeObject[], component: string) {
  const found = podTemplates(rendered).find(
    ({ template }) => template.metadata.labels['app.kubernetes.io/component'] === component,
  );
  if (found === undefined) throw new Error(`no pods of ${component}`);
  return found.template.metadata.labels;
}
