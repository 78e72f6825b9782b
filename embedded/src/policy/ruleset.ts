/**
 * Turns the pods' addresses, Pods, Namespaces and NetworkPolicies into one nft ruleset. Pure.
 *
 * As the API documents it: a pod that no policy of a direction selects is open in that direction; otherwise only what
 * some rule allows passes, and a connection needs the consent of both its ends. Traffic from the node itself always
 * passes (probes, the ingress), replies of an allowed connection too. An address whose pod is not known is closed.
 */
import { NODE_ADDRESS, POD_GATEWAY_ADDRESS, POD_RANGE } from '../cluster/addresses.ts';
import { isSelected, type Namespace, type NetworkPolicy, type Pod, type PolicyPeer, type PolicyPort } from './model.ts';
import type { Sandbox } from './sandboxes.ts';

const TABLE = 'urumi_policy';
const DNS_PORT = 53;
/** After the service proxy's rules (0, and its address translation before routing): pods are seen, not Services. */
const PRIORITY = 10;

interface Facts {
  sandboxes: readonly Sandbox[];
  pods: readonly Pod[];
  namespaces: readonly Namespace[];
  policies: readonly NetworkPolicy[];
}

/** Something with an address that policies can select. */
interface Endpoint {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  address: string;
  /** A program on the node that policies know as a pod: only its own port counts, the rest of the node does not. */
  isNodeProgram: boolean;
}

type Direction = 'Ingress' | 'Egress';

/** The whole table, replaced in one step by `nft -f`. */
export function renderRuleset(facts: Facts): string {
  const pods = new Map(facts.pods.map((pod) => [pod.metadata.uid ?? '', pod]));
  // An address is given anew before the old network's result is gone: the last one counts.
  const sandboxes = [...new Map(facts.sandboxes.map((sandbox) => [sandbox.address, sandbox])).values()];
  const endpoints = sandboxes.flatMap((sandbox) => toEndpoint(sandbox, pods.get(sandbox.uid)));
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
  const known = [POD_GATEWAY_ADDRESS, ...endpoints.map(({ address }) => address)].join(', ');
  const unknown = (side: string) => `    ip ${side} ${POD_RANGE} ip ${side} != { ${known} } drop\n`;
  const jump = (side: string, list: readonly string[]) =>
    list.length === 0 ? '' : `    ip ${side} vmap { ${list.join(', ')} }\n`;
  const from = unknown('saddr') + jump('saddr', jumps.Egress);
  const to = unknown('daddr') + jump('daddr', jumps.Ingress);
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
  isNodeProgram: true,
};

function toEndpoint({ address }: Sandbox, pod: Pod | undefined): Endpoint[] {
  if (pod === undefined) return [];
  const { namespace = '', labels = {} } = pod.metadata;
  return [{ namespace, labels, address, isNodeProgram: false }];
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

function renderMatch(match: Match, ports: readonly PolicyPort[], { direction }: RuleInput): string[] {
  const other = direction === 'Ingress' ? 'saddr' : 'daddr';
  switch (match.kind) {
    case 'anybody':
    case 'block': {
      const address = match.kind === 'anybody' ? '' : renderBlock(other, match.cidr, match.except);
      if (address === null) return [];
      return ports.flatMap(renderPort).map((port) => rule(address, port));
    }
    case 'endpoints': {
      const pods = match.endpoints.filter((endpoint) => !endpoint.isNodeProgram);
      const programs = match.endpoints.filter((endpoint) => endpoint.isNodeProgram && direction === 'Egress');
      const addresses = `ip ${other} { ${pods.map((peer) => peer.address).join(', ')} }`;
      return ports.flatMap((port) => [
        ...(pods.length === 0 ? [] : renderPort(port).map((text) => rule(addresses, text))),
        ...programs.flatMap((program) => renderDns(program, port)),
      ]);
    }
    default:
      return match satisfies never;
  }
}

/** Only the program's own port, whatever the policy allows: everything else at this address is the node. */
function renderDns(program: Endpoint, port: PolicyPort): string[] {
  const protocols = 'isAny' in port ? ['udp', 'tcp'] : [protocolOf(port)];
  const { port: first = DNS_PORT } = port;
  const isMeant = typeof first === 'number' && first <= DNS_PORT && DNS_PORT <= (port.endPort ?? first);
  if (!isMeant) return [];
  return protocols.map((protocol) => rule(`ip daddr ${program.address}`, `${protocol} dport ${DNS_PORT}`));
}

/** @returns one text, an empty one for all ports; none for a port by name: what is not enforced stays closed */
function renderPort(port: PolicyPort): string[] {
  if ('isAny' in port) return [''];
  if (port.port === undefined) return [`meta l4proto ${protocolOf(port)}`];
  if (typeof port.port === 'string') return [];
  return [`${protocolOf(port)} dport ${port.endPort === undefined ? port.port : `${port.port}-${port.endPort}`}`];
}

function protocolOf({ protocol = 'TCP' }: PolicyPort): string {
  return protocol.toLowerCase();
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
