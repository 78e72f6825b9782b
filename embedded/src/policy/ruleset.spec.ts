import { describe, expect, it } from 'vitest';

import type { NetworkPolicy, Pod, Selector } from './model.ts';
import { isSelected } from './model.ts';
import { renderRuleset } from './ruleset.ts';
import type { Sandbox } from './sandboxes.ts';

/** Its uid is its address: the two lists below fit each other. */
function pod(namespace: string, app: string, address: string): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, uid: address, labels: { app } } };
}

const toSandbox = ({ metadata: { uid = '' } }: Pod): Sandbox => ({ uid, address: uid });

function policy(spec: NetworkPolicy['spec'], namespace = 'a'): NetworkPolicy {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace }, spec };
}

const namespaces = ['a', 'b', 'kube-system'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
}));
const WEB = pod('a', 'web', '10.244.0.2');
const DATABASE = pod('a', 'database', '10.244.0.3');
const STRANGER = pod('b', 'web', '10.244.0.4');
const app = (name: string): Selector => ({ matchLabels: { app: name } });

/** The lines of one chain, without the pod's right to talk to itself and the final drop. */
function chain(name: string, policies: NetworkPolicy[], pods: Pod[] = [WEB, DATABASE, STRANGER]): string[] | null {
  const text = renderRuleset({ sandboxes: pods.map(toSandbox), pods, namespaces, policies });
  const body = new RegExp(`chain ${name} {\\n([^}]*(?:{[^}]*}[^}]*)*?)  }\\n`).exec(text)?.[1];
  if (body === undefined) return null;
  const lines = body
    .trim()
    .split('\n')
    .map((line) => line.trim());
  expect(lines.at(-1)).toBe('drop');
  return lines.slice(1, -1);
}

/** The whole text for these pods, every one with its address. */
const render = (pods: Pod[], policies: NetworkPolicy[]) =>
  renderRuleset({ sandboxes: pods.map(toSandbox), pods, namespaces, policies });

describe('renderRuleset', () => {
  it('replaces the table before, and is open for pods that no policy selects', () => {
    const text = render([WEB], []);
    expect(text).toContain('add table ip urumi_policy\ndelete table ip urumi_policy\n');
    expect(text).not.toContain('vmap');
    expect(text).not.toContain(' chain to_');
  });

  it('sends what comes from an isolated pod through its chain on the way to pods and to the node', () => {
    const text = render([WEB], [policy({ policyTypes: ['Egress'] })]);
    expect(text.match(/ip saddr vmap { 10.244.0.2 : jump from_10_244_0_2 }/g)).toHaveLength(2);
    expect(text).not.toContain('daddr vmap');
  });

  it('closes every address of the pods’ range whose pod is not known, to pods and to the node', () => {
    const sandboxes = [toSandbox(WEB), { uid: 'not listed yet', address: '10.244.0.9' }];
    const text = renderRuleset({ sandboxes, pods: [WEB, DATABASE], namespaces, policies: [] });
    const known = '{ 10.244.0.1, 10.244.0.2 }';
    expect(text.match(new RegExp(`ip saddr 10.244.0.0/22 ip saddr != ${known} drop`, 'g'))).toHaveLength(2);
    expect(text.match(new RegExp(`ip daddr 10.244.0.0/22 ip daddr != ${known} drop`, 'g'))).toHaveLength(1);
  });

  it('follows a pod to its new address, and an address to its new pod', () => {
    const sandboxes = [
      { uid: 'gone', address: '10.244.0.9' },
      { uid: '10.244.0.2', address: '10.244.0.9' },
    ];
    const text = renderRuleset({ sandboxes, pods: [WEB], namespaces, policies: [policy({})] });
    expect(text).toContain('ip daddr vmap { 10.244.0.9 : jump to_10_244_0_9 }');
    expect(text).not.toContain('10.244.0.2');
  });

  it.each<[string, NetworkPolicy['spec'], string, string[] | null]>([
    ['default deny', { policyTypes: ['Ingress', 'Egress'] }, 'to_10_244_0_2', []],
    ['default deny, the other way', { policyTypes: ['Ingress', 'Egress'] }, 'from_10_244_0_2', []],
    ['types left out: ingress', {}, 'to_10_244_0_2', []],
    ['types left out without egress rules: egress is open', {}, 'from_10_244_0_2', null],
    ['types left out with egress rules', { egress: [] }, 'from_10_244_0_2', []],
    ['a pod that is not selected is open', { podSelector: app('database') }, 'to_10_244_0_2', null],
    ['a pod of another namespace is open', {}, 'to_10_244_0_4', null],
    ['an empty rule allows all', { ingress: [{}] }, 'to_10_244_0_2', ['return']],
    [
      'pods of the same namespace',
      { ingress: [{ from: [{ podSelector: {} }] }] },
      'to_10_244_0_2',
      ['ip saddr { 10.244.0.2, 10.244.0.3 } return'],
    ],
    [
      'a selected pod at a port',
      { ingress: [{ from: [{ podSelector: app('web') }], ports: [{ port: 5432 }] }] },
      'to_10_244_0_3',
      ['ip saddr { 10.244.0.2 } tcp dport 5432 return'],
    ],
    ['a selector that finds nobody', { ingress: [{ from: [{ podSelector: app('nobody') }] }] }, 'to_10_244_0_2', []],
    [
      'pods of other namespaces',
      { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } } }] }] },
      'to_10_244_0_2',
      ['ip saddr { 10.244.0.4 } return'],
    ],
    [
      'selected pods of all namespaces',
      { ingress: [{ from: [{ namespaceSelector: {}, podSelector: app('web') }] }] },
      'to_10_244_0_3',
      ['ip saddr { 10.244.0.2, 10.244.0.4 } return'],
    ],
    [
      'a range of ports and a whole protocol',
      { ingress: [{ ports: [{ port: 8000, endPort: 8100 }, { protocol: 'UDP' }] }] },
      'to_10_244_0_2',
      ['tcp dport 8000-8100 return', 'meta l4proto udp return'],
    ],
    [
      'a port by name, which the API refuses here, stays closed',
      { ingress: [{ ports: [{ port: 'http' }, { port: 80 }] }] },
      'to_10_244_0_2',
      ['tcp dport 80 return'],
    ],
    [
      'a block without some ranges, and one of version 6',
      {
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }, { ipBlock: { cidr: '::/0' } }],
            ports: [{ port: 443 }],
          },
        ],
      },
      'from_10_244_0_2',
      ['ip daddr != { 10.0.0.0/8 } tcp dport 443 return'],
    ],
    [
      'cluster DNS as a pod of kube-system, though it runs on the node',
      {
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
            ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }],
          },
        ],
      },
      'from_10_244_0_2',
      ['ip daddr 10.99.0.2 udp dport 53 return', 'ip daddr 10.99.0.2 tcp dport 53 return'],
    ],
    [
      'all pods of all namespaces: of the node its DNS only, never the API',
      { policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] },
      'from_10_244_0_2',
      [
        'ip daddr { 10.244.0.2, 10.244.0.3, 10.244.0.4 } return',
        'ip daddr 10.99.0.2 udp dport 53 return',
        'ip daddr 10.99.0.2 tcp dport 53 return',
      ],
    ],
    [
      'another port at the address of cluster DNS',
      { policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 6443 }] }] },
      'from_10_244_0_2',
      ['ip daddr { 10.244.0.2, 10.244.0.3, 10.244.0.4 } tcp dport 6443 return'],
    ],
  ])('%s', (_, spec, name, expected) => {
    expect(chain(name, [policy(spec)])).toEqual(expected);
  });

  it('allows what any of several policies allows', () => {
    const both = [policy({ ingress: [{ ports: [{ port: 1 }] }] }), policy({ ingress: [{ ports: [{ port: 2 }] }] })];
    expect(chain('to_10_244_0_2', both)).toEqual(['tcp dport 1 return', 'tcp dport 2 return']);
  });

  it('takes the labels of a namespace as they are now', () => {
    const peer = { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ours' } } }] }] };
    const labelled = namespaces.map((one) =>
      one.metadata.name === 'b' ? { ...one, metadata: { ...one.metadata, labels: { team: 'ours' } } } : one,
    );
    const facts = { sandboxes: [WEB, STRANGER].map(toSandbox), pods: [WEB, STRANGER], policies: [policy(peer)] };
    expect(renderRuleset({ ...facts, namespaces })).not.toContain('ip saddr { 10.244.0.4 } return');
    expect(renderRuleset({ ...facts, namespaces: labelled })).toContain('ip saddr { 10.244.0.4 } return');
  });
});

describe('isSelected', () => {
  const labels = { app: 'web', tier: 'front' };
  it.each<[Selector, boolean]>([
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'x'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  ])('%j: %s', (selector, expected) => {
    expect(isSelected(selector, labels)).toBe(expected);
  });
});
