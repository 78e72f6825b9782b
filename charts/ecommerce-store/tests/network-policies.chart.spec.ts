/** The table of allowed connections, and that nothing beyond it passes. */
import { describe, expect, test } from 'vitest';
import { isAllowed, type End, type Port } from '../../testing/network.ts';
import { find, podTemplates, type KubeObject } from '../../testing/objects.ts';
import { renderStore, storeValues } from '../../testing/store-chart.ts';

const objects = await renderStore({
  ...storeValues,
  network: { internet: { deny: ['203.0.113.7/32', '2001:db8::/32'] } },
});
const components = ['server', 'storefront', 'database', 'setup', 'test'] as const;
type Component = (typeof components)[number];

const tcp = (port: number): Port => ({ port, protocol: 'TCP' });
const ingress: End = { namespace: 'kube-system', labels: { 'app.kubernetes.io/name': 'traefik' } };
const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

/** Ports each component listens on, and who inside the namespace may reach them. */
const inside: Readonly<Record<string, { readonly port: number; readonly from: readonly Component[] }>> = {
  database: { port: 5432, from: ['server', 'setup'] },
  server: { port: 9000, from: ['storefront'] },
  storefront: { port: 8080, from: ['test'] },
};

describe('inside the namespace', () => {
  const rows = Object.entries(inside).flatMap(([to, { port, from }]) =>
    components.map((source) => ({ source, to, port, allowed: from.includes(source) })),
  );
  test.each(rows)('$source to $to:$port is allowed: $allowed', ({ source, to, port, allowed }) => {
    expect(isAllowed(objects, pod(source), pod(to), tcp(port))).toBe(allowed);
  });

  test('no other port of any pod is open', () => {
    for (const source of components) {
      for (const to of components) expect(isAllowed(objects, pod(source), pod(to), tcp(22))).toBe(false);
    }
  });
});

describe('from outside', () => {
  test.each([
    { to: 'storefront', port: 8080, allowed: true },
    { to: 'server', port: 9000, allowed: true },
    { to: 'database', port: 5432, allowed: false },
    { to: 'server', port: 8080, allowed: false },
  ])('shoppers to $to:$port: $allowed', ({ to, port, allowed }) => {
    expect(isAllowed(objects, ingress, pod(to), tcp(port))).toBe(allowed);
  });

  test.each([
    ['a pod of another shop', { namespace: 'store-other', labels: { 'app.kubernetes.io/name': 'traefik' } }],
    ['another pod beside the ingress', { namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } }],
    ['an address', { address: '198.51.100.1' }],
  ] satisfies [string, End][])('%s reaches nothing', (_name, from) => {
    for (const [to, { port }] of Object.entries(inside))
      expect(isAllowed(objects, from, pod(to), tcp(port))).toBe(false);
  });
});

describe('to outside', () => {
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
  ] satisfies [string, number, boolean][])('the server to %s:%i is allowed: %s', (address, port, allowed) => {
    expect(isAllowed(objects, pod('server'), { address }, tcp(port))).toBe(allowed);
  });

  test.each(components.filter((component) => component !== 'server'))('%s reaches no address', (component) => {
    expect(isAllowed(objects, pod(component), { address: '198.51.100.1' }, tcp(443))).toBe(false);
  });

  test('the server reaches no address where internet is off', async () => {
    const closed = await renderStore({ ...storeValues, network: { internet: { enabled: false } } });
    expect(isAllowed(closed, pod('server'), { address: '198.51.100.1' }, tcp(443))).toBe(false);
  });
});

test('host processes are named by their addresses', async () => {
  const network = { dns: { namespace: '', cidrs: ['10.99.0.2/32'] }, ingressFrom: [{ cidr: '10.99.0.2/32' }] };
  const local = await renderStore({ ...storeValues, network });
  expect(isAllowed(local, pod('setup'), { address: '10.99.0.2' }, { port: 53, protocol: 'UDP' })).toBe(true);
  expect(isAllowed(local, pod('setup'), dns, { port: 53, protocol: 'UDP' })).toBe(false);
  expect(isAllowed(local, { address: '10.99.0.2' }, pod('storefront'), tcp(8080))).toBe(true);
  expect(isAllowed(local, { address: '10.99.0.3' }, pod('storefront'), tcp(8080))).toBe(false);
});

test('the default is to deny, for every pod, both ways', () => {
  expect(find(objects, 'NetworkPolicy', 'store-default-deny').spec).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
});

/** A pod of this shop as its own template labels it. */
function pod(component: string): End {
  return { pod: labelsOf(objects, component) };
}

function labelsOf(rendered: readonly KubeObject[], component: string) {
  const found = podTemplates(rendered).find(
    ({ template }) => template.metadata.labels['app.kubernetes.io/component'] === component,
  );
  if (found === undefined) throw new Error(`no pods of ${component}`);
  return found.template.metadata.labels;
}
