/**
 * Network policies on a real cluster: a table of connections that are allowed and refused, from a pod's first moment on,
 * through every kind of change. Needs root.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { waitUntil } from '../src/base/wait.ts';
import { type Cluster, up } from '../src/cluster/up.ts';
import { PAUSE_IMAGE, PAUSE_PROGRAM } from '../src/node/pause-image.ts';
import { offerAddresses } from '../src/testing/offer-addresses.ts';
import { inShop, makeShop, visit } from './support/shop.ts';

const NODE = '10.99.0.2';
const METADATA = { address: '169.254.169.254', port: 80 };
const PUBLIC = { address: '198.51.100.10', port: 443 };
const EXCEPTED = { address: '203.0.113.10', port: 443 };

const DENY = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
const DNS = {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [
    {
      to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    },
  ],
};

let cluster: Cluster;
let takeAway: (() => Promise<void>) | undefined;
const address = { shop: '', other: '', otherService: '' };

beforeAll(async () => {
  cluster = await up({ name: 'spec-j', storage: 'memory', apiPort: 0, ingressPort: 0 });
  takeAway = await offerAddresses(cluster, [METADATA, PUBLIC, { ...PUBLIC, port: 25 }, EXCEPTED]);
  await Promise.all([makeShop(cluster, 'shop', 'shop'), makeShop(cluster, 'other', 'other')]);
  address.shop = await read('shop', 'pod/web', '.status.podIP');
  address.other = await read('other', 'pod/web', '.status.podIP');
  address.otherService = await read('other', 'service/web', '.spec.clusterIP');
  expect(await table()).toEqual(OPEN);
  await apply('deny', DENY);
  await apply('dns', DNS);
  await until('closed', async () => !(await canReach('other', address.shop, 8080)));
});
afterAll(async () => {
  await takeAway?.();
  await cluster?.down();
});

const read = async (namespace: string, object: string, path: string) =>
  (await cluster.kubectl(['--namespace', namespace, 'get', object, '-o', `jsonpath={${path}}`])).stdout;
const until = (what: string, check: () => Promise<boolean>) => waitUntil({ what, timeoutMs: 10_000, check });

function apply(name: string, spec: object): Promise<unknown> {
  const metadata = { name, namespace: 'shop' };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
  return cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(policy) });
}

const remove = (name: string) => cluster.kubectl(['--namespace', 'shop', 'delete', 'networkpolicy', name]);

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
const canReach = (from: string, host: string, port: number) =>
  succeeds(inShop(cluster, from, 'nc', '-w', '2', host, String(port), '-e', PAUSE_PROGRAM, 'true'));

/** From the shop's pod, but for the first and the last. All at once: a refusal takes its time. */
const CONNECTIONS: Record<string, () => Promise<boolean>> = {
  'from the other': () => canReach('other', address.shop, 8080),
  'to the other': () => canReach('shop', address.other, 8080),
  'to the other by its Service': () => canReach('shop', address.otherService, 80),
  'to the API by its Service': () => canReach('shop', '10.96.0.1', 443),
  'to the API on the node': () => canReach('shop', NODE, 6443),
  'to the kubelet': () => canReach('shop', '10.244.0.1', 10250),
  'to the metadata address': () => canReach('shop', METADATA.address, METADATA.port),
  'to a public address': () => canReach('shop', PUBLIC.address, PUBLIC.port),
  'to a public address, another port': () => canReach('shop', PUBLIC.address, 25),
  'to a public address that is excepted': () => canReach('shop', EXCEPTED.address, EXCEPTED.port),
  'to names': () => succeeds(inShop(cluster, 'shop', 'nslookup', 'web.shop.svc.cluster.local')),
  'to itself': () => canReach('shop', address.shop, 8080),
  'from a shopper': async () => (await visit(cluster, 'shop')) === 'shop',
};

type Table = Record<string, boolean>;
const tableOf = (answer: boolean): Table => Object.fromEntries(Object.keys(CONNECTIONS).map((row) => [row, answer]));
const OPEN = tableOf(true);
const CLOSED: Table = { ...tableOf(false), 'to names': true, 'to itself': true, 'from a shopper': true };

async function table(): Promise<Table> {
  const rows = Object.entries(CONNECTIONS).map(async ([row, connect]) => [row, await connect()] as const);
  return Object.fromEntries(await Promise.all(rows));
}

describe('with everything denied but names', () => {
  it('only names, the pod itself and the ingress are left', async () => {
    expect(await table()).toEqual(CLOSED);
  });

  it('a rule for a namespace lets through to its pods, directly and by Service, in that direction', async () => {
    const to = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }];
    await apply('other', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 8080 }] }] });
    await until('open', () => canReach('shop', address.other, 8080));
    expect(await table()).toEqual({ ...CLOSED, 'to the other': true, 'to the other by its Service': true });
    await remove('other');
    await until('closed', async () => !(await canReach('shop', address.other, 8080)));
  });

  it('a rule by a label of namespaces follows the label', async () => {
    const from = [{ namespaceSelector: { matchLabels: { team: 'ours' } } }];
    await apply('team', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from }] });
    expect(await canReach('other', address.shop, 8080)).toBe(false);
    await cluster.kubectl(['label', 'namespace', 'other', 'team=ours']);
    await until('open', () => canReach('other', address.shop, 8080));
    await cluster.kubectl(['label', 'namespace', 'other', 'team-']);
    await until('closed', async () => !(await canReach('other', address.shop, 8080)));
    await remove('team');
  });

  it('a block with exceptions lets out to the rest of it on its ports, to pods and to the node’s own addresses', async () => {
    const except = ['10.0.0.0/8', '169.254.0.0/16', `${EXCEPTED.address}/32`];
    const to = [{ ipBlock: { cidr: '0.0.0.0/0', except } }, { ipBlock: { cidr: '::/0' } }];
    await apply('internet', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 443 }] }] });
    await until('open', () => canReach('shop', PUBLIC.address, PUBLIC.port));
    expect(await table()).toEqual({ ...CLOSED, 'to a public address': true });
    await remove('internet');
  });

  it('a pod is held from its first moment, and so is the one that takes its place', async () => {
    const knock = `${PAUSE_PROGRAM} nc -w 1 ${address.other} 8080 -e ${PAUSE_PROGRAM} true 2>/dev/null && echo open || echo closed`;
    const script = `${knock}; ${knock}; exec ${PAUSE_PROGRAM} sleep 60`;
    const logs = () => cluster.kubectl(['--namespace', 'shop', 'logs', 'knock']).then(({ stdout }) => stdout);
    for (const turn of ['first', 'second']) {
      await cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(podOf(script)) });
      await cluster.kubectl(['--namespace', 'shop', 'wait', '--for=condition=Ready', 'pod/knock', '--timeout=20s']);
      await until(`${turn} turn`, async () => (await logs()).split('\n').length > 2);
      expect(await logs(), turn).toBe('closed\nclosed\n');
      await cluster.kubectl(['--namespace', 'shop', 'delete', 'pod', 'knock', '--grace-period=1']);
    }
  });

  it('pods have no address of version 6, which no rule would see', async () => {
    const interfaces = await inShop(cluster, 'shop', 'ip', 'address');
    expect(interfaces).toContain(address.shop);
    expect(interfaces).not.toContain('fe80');
  });

  it('what is not enforced is refused with a sentence', async () => {
    const ingress = (port: object) => apply('odd', { podSelector: {}, ingress: [{ ports: [port] }] });
    await expect(ingress({ port: 'http' })).rejects.toThrow('enforces ports by number only');
    await expect(ingress({ port: 80, protocol: 'SCTP' })).rejects.toThrow('enforces TCP and UDP only');
    const egress = [{ to: [{ podSelector: {} }], ports: [{ port: 80 }, { port: 'http' }] }];
    await expect(apply('odd', { podSelector: {}, policyTypes: ['Egress'], egress })).rejects.toThrow('by number only');
  });

  it('without the policies everything is open again', async () => {
    await cluster.kubectl(['--namespace', 'shop', 'delete', 'networkpolicy', '--all']);
    await until('open', () => canReach('other', address.shop, 8080));
    expect(await table()).toEqual(OPEN);
  });
});

function podOf(script: string): object {
  const container = {
    name: 'knock',
    image: PAUSE_IMAGE,
    imagePullPolicy: 'Never',
    command: [PAUSE_PROGRAM, 'sh', '-c', script],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'knock', namespace: 'shop' },
    spec: { containers: [container], securityContext, restartPolicy: 'Never' },
  };
}
