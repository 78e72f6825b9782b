/**
 * Turns Pods, Namespaces and NetworkPolicies into one nft ruleset. Pure.
 *
 * As the API documents it: a pod that no policy of a direction selects is open in that direction; otherwise only what
 * some rule allows passes, and a connection needs the consent of both its ends. Traffic from the node itself always
 * passes (probes, the ingress), replies of an allowed connection too. Unknown is open: a pod is enforced from the
 * moment the API shows its address.
 */
import { NODE_ADDRESS } from '../cluster/addresses.ts';
import { isSelected, type Namespace, type NetworkPolicy, type Pod, type PolicyPeer, type PolicyPort } from './model.ts';

const TABLE = 'urumi_policy';
const DNS_PORT = 53;
/** After the service proxy's rules (0, and its address translation before routing): pods are seen, not Services. */
const PRIORITY = 10;

interface Facts {
  pods: readonly Pod[];
  namespaces: readonly Namespace[];
  policies: readonly NetworkPolicy[];
}

/** Something with an address that policies can select. */
interface Endpoint {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  address: string;
  ports: readonly { name?: string; containerPort: number; protocol?: string }[];
  /** A program on the node that policies know as a pod: only its own port counts, the rest of the node does not. */
  isNodeProgram: boolean;
}

type Direction = 'Ingress' | 'Egress';

/** The whole table, replaced in one step by `nft -f`. */
export function renderRuleset(facts: Facts): string {
  const endpoints = facts.pods.flatMap(toEndpoint);
  const namespaces = new Map(facts.namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  const peers = [...endpoints, CLUSTER_DNS];
  const chains: string[] = [];
  const jumps: Record<Direction, string[]> = { Ingress: [], Egress: [] };

  for (const pod of endpoints) {
    for (const direction of ['Ingress', 'Egress'] as const) {
      const policies = facts.policies.filter((policy) => isIsolating(policy, direction, pod));
      if (policies.length === 0) continue;
      const allowed = policies.flatMap((policy) => rulesOf({ policy, direction, pod, peers, namespaces }));
      const other = direction === 'Ingress' ? 'saddr' : 'daddr';
      const name = `${direction === 'Ingress' ? 'to' : 'from'}_${pod.address.replaceAll('.', '_')}`;
      const lines = [`ip ${other} ${pod.address} return`, ...new Set(allowed), 'drop'];
      chains.push(`  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`);
      jumps[direction].push(`${pod.address} : jump ${name}`);
    }
  }
  const from = jumps.Egress.length === 0 ? '' : `    ip saddr vmap { ${jumps.Egress.join(', ')} }\n`;
  const to = jumps.Ingress.length === 0 ? '' : `    ip daddr vmap { ${jumps.Ingress.join(', ')} }\n`;
  const established = '    ct state established,related accept\n';
  return [
    `add table ip ${TABLE}\ndelete table ip ${TABLE}\ntable ip ${TABLE} {\n`,
    ...chains,
    `  chain forward {\n    type filter hook forward priority ${PRIORITY}; policy accept;\n${established}${from}${to}  }\n`,
    // Pods to the node's own addresses: the API, DNS, the ingress.
    `  chain input {\n    type filter hook input priority ${PRIORITY}; policy accept;\n${established}${from}  }\n`,
    '}\n',
  ].join('');
}

/** CoreDNS runs on the node. Policies allow it as every cluster has it: a pod in kube-system with this label. */
const CLUSTER_DNS: Endpoint = {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  address: NODE_ADDRESS,
  ports: [
    { name: 'dns', containerPort: DNS_PORT, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: DNS_PORT, protocol: 'TCP' },
  ],
  isNodeProgram: true,
};

function toEndpoint(pod: Pod): Endpoint[] {
  const address = pod.status?.podIP;
  const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (address === undefined || hasEnded || pod.spec.hostNetwork === true) return [];
  return [
    {
      namespace: pod.metadata.namespace ?? '',
      labels: pod.metadata.labels ?? {},
      address,
      ports: pod.spec.containers.flatMap((container) => container.ports ?? []),
      isNodeProgram: false,
    },
  ];
}

function isIsolating(policy: NetworkPolicy, direction: Direction, pod: Endpoint): boolean {
  const types = policy.spec.policyTypes ?? (policy.spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  return (
    policy.metadata.namespace === pod.namespace &&
    types.includes(direction) &&
    isSelected(policy.spec.podSelector ?? {}, pod.labels)
  );
}

interface RuleInput {
  policy: NetworkPolicy;
  direction: Direction;
  pod: Endpoint;
  peers: readonly Endpoint[];
  namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

function rulesOf(input: RuleInput): string[] {
  const { policy, direction } = input;
  const rules =
    direction === 'Ingress'
      ? (policy.spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (policy.spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return rules.flatMap(({ peers, ports }) => {
    const matches = isAbsent(peers) ? [ANYBODY] : peers.map((peer) => toMatch(peer, input));
    return matches.flatMap((match) => renderMatch(match, isAbsent(ports) ? [ANY_PORT] : ports, input));
  });
}

/** An absent list and an empty one mean the same: no restriction. */
function isAbsent(list: readonly unknown[] | undefined): list is undefined | [] {
  return list === undefined || list.length === 0;
}

type Match =
  | { kind: 'anybody' }
  | { kind: 'block'; cidr: string; except: string[] }
  | { kind: 'endpoints'; endpoints: Endpoint[] };

const ANYBODY: Match = { kind: 'anybody' };
const ANY_PORT: PolicyPort & { isAny: true } = { isAny: true };

function toMatch(peer: PolicyPeer, { policy, peers, namespaces }: RuleInput): Match {
  if (peer.ipBlock !== undefined) return { kind: 'block', cidr: peer.ipBlock.cidr, except: peer.ipBlock.except ?? [] };
  const isInNamespace = (endpoint: Endpoint) =>
    peer.namespaceSelector === undefined
      ? endpoint.namespace === policy.metadata.namespace
      : isSelected(peer.namespaceSelector, namespaces.get(endpoint.namespace));
  const endpoints = peers.filter(
    (endpoint) => isInNamespace(endpoint) && isSelected(peer.podSelector ?? {}, endpoint.labels),
  );
  return { kind: 'endpoints', endpoints };
}

function renderMatch(match: Match, ports: readonly PolicyPort[], { direction, pod }: RuleInput): string[] {
  const other = direction === 'Ingress' ? 'saddr' : 'daddr';
  switch (match.kind) {
    case 'anybody':
    case 'block': {
      const address = match.kind === 'anybody' ? '' : renderBlock(other, match.cidr, match.except);
      if (address === null) return [];
      // A port by name is one of the pod that is called: ours for ingress, unknown for an address outside.
      const callee = direction === 'Ingress' ? pod : null;
      return ports.flatMap((port) => renderPort(port, callee).map((text) => rule(address, text)));
    }
    case 'endpoints': {
      const pods = match.endpoints.filter((endpoint) => !endpoint.isNodeProgram);
      const programs = match.endpoints.filter((endpoint) => endpoint.isNodeProgram && direction === 'Egress');
      return ports.flatMap((port) => [
        ...renderPods({ other, pods, port, direction, pod }),
        ...programs.flatMap((program) => renderProgram(program, port)),
      ]);
    }
    default:
      return match satisfies never;
  }
}

function renderPods(input: {
  other: string;
  pods: readonly Endpoint[];
  port: PolicyPort;
  direction: Direction;
  pod: Endpoint;
}): string[] {
  const { other, pods, port, direction, pod } = input;
  if (pods.length === 0) return [];
  if (direction === 'Egress' && typeof port.port === 'string') {
    return pods.flatMap((peer) => renderPort(port, peer).map((text) => rule(`ip ${other} ${peer.address}`, text)));
  }
  const addresses = `ip ${other} { ${pods.map((peer) => peer.address).join(', ')} }`;
  return renderPort(port, pod).map((text) => rule(addresses, text));
}

/** Only the program's own ports, whatever the policy allows: everything else at this address is the node. */
function renderProgram(program: Endpoint, port: PolicyPort): string[] {
  const isAny = 'isAny' in port;
  return program.ports
    .filter(({ name, containerPort, protocol }) => {
      if (isAny) return true;
      if ((port.protocol ?? 'TCP') !== protocol) return false;
      if (typeof port.port === 'string') return port.port === name;
      return port.port === undefined || (port.port <= containerPort && containerPort <= (port.endPort ?? port.port));
    })
    .map(({ protocol = 'TCP', containerPort }) =>
      rule(`ip daddr ${program.address}`, `${protocol.toLowerCase()} dport ${containerPort}`),
    );
}

/** @returns no text when a named port means nothing here, else one per match; an empty one allows all ports */
function renderPort(port: PolicyPort, callee: Endpoint | null): string[] {
  if ('isAny' in port) return [''];
  const protocol = (port.protocol ?? 'TCP').toLowerCase();
  if (port.port === undefined) return [`meta l4proto ${protocol}`];
  if (typeof port.port === 'number') {
    return [`${protocol} dport ${port.endPort === undefined ? port.port : `${port.port}-${port.endPort}`}`];
  }
  return (callee?.ports ?? [])
    .filter((one) => one.name === port.port && (one.protocol ?? 'TCP').toLowerCase() === protocol)
    .map((one) => `${protocol} dport ${one.containerPort}`);
}

/** The pods have no addresses of version 6: such a block matches nobody. */
function renderBlock(other: string, cidr: string, except: readonly string[]): string | null {
  if (cidr.includes(':')) return null;
  const excluded = except.filter((range) => !range.includes(':'));
  const parts = cidr === '0.0.0.0/0' ? [] : [`ip ${other} ${cidr}`];
  if (excluded.length > 0) parts.push(`ip ${other} != { ${excluded.join(', ')} }`);
  return parts.join(' ');
}

function rule(...parts: string[]): string {
  return [...parts.filter((part) => part !== ''), 'return'].join(' ');
}
