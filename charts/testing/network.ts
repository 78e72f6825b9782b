/**
 * Judges rendered NetworkPolicies as a cluster would, for the connections the tests ask about: allowed when no policy
 * selects an end, or one that does allows the other end and port. Both ends must allow.
 */
import type { KubeObject, Labels } from './objects.ts';

/** One end of a connection: a pod of this namespace, a pod elsewhere, or an address. */
export type End =
  { readonly pod: Labels } | { readonly namespace: string; readonly labels: Labels } | { readonly address: string };

export interface Port {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** True where the policies let `from` open a connection to `port` of `to`. */
export function isAllowed(objects: readonly KubeObject[], from: End, to: End, port: Port): boolean {
  const policies = objects
    .filter((object) => object.kind === 'NetworkPolicy')
    .map((object) => object.spec as unknown as PolicySpec);
  return passes(policies, 'Egress', from, to, port) && passes(policies, 'Ingress', to, from, port);
}

function passes(
  policies: readonly PolicySpec[],
  type: 'Ingress' | 'Egress',
  own: End,
  other: End,
  port: Port,
): boolean {
  if (!('pod' in own)) return true;
  const selecting = policies.filter(
    (policy) => policy.policyTypes.includes(type) && selects(policy.podSelector, own.pod),
  );
  if (selecting.length === 0) return true;
  return selecting
    .flatMap((policy) => (type === 'Ingress' ? policy.ingress : policy.egress) ?? [])
    .some((rule) => fitsPort(rule, port) && fitsPeer((type === 'Ingress' ? rule.from : rule.to) ?? [], other));
}

function fitsPort(rule: Rule, wanted: Port): boolean {
  return rule.ports?.some(({ port, protocol }) => port === wanted.port && protocol === wanted.protocol) ?? true;
}

function fitsPeer(peers: readonly Peer[], end: End): boolean {
  return peers.some((peer) => {
    if (peer.ipBlock !== undefined) {
      const { cidr, except = [] } = peer.ipBlock;
      return 'address' in end && contains(cidr, end.address) && !except.some((part) => contains(part, end.address));
    }
    if ('pod' in end) return peer.namespaceSelector === undefined && selects(peer.podSelector ?? {}, end.pod);
    if ('address' in end || peer.namespaceSelector === undefined) return false;
    const namespace = { 'kubernetes.io/metadata.name': end.namespace };
    return selects(peer.namespaceSelector, namespace) && selects(peer.podSelector ?? {}, end.labels);
  });
}

function selects(selector: Selector, labels: Labels): boolean {
  const byLabel = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const byExpression = (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    if (operator !== 'In') throw new Error(`operator ${operator} is not judged here`);
    return values.includes(labels[key] ?? '');
  });
  return byLabel && byExpression;
}

/** IPv4 ranges by number; of IPv6 only the ranges the chart names, by their first group. */
function contains(cidr: string, address: string): boolean {
  const [base = '', bits = '0'] = cidr.split('/');
  if (base.includes(':') !== address.includes(':')) return false;
  const width = base.includes(':') ? 16 : 32;
  const shift = 2 ** (width - Math.min(width, Number(bits)));
  return Math.floor(toNumber(base) / shift) === Math.floor(toNumber(address) / shift);
}

function toNumber(address: string): number {
  if (address.includes(':')) return Number.parseInt(address.split(':')[0] || '0', 16);
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
