import { guardrails } from '@urumi/shared/k8s/names';
import { describe, expect, it } from 'vitest';
import { buildNamespace, buildWorkload } from '../testing/facts.ts';
import type { RouteFacts, SecurityFacts } from '../watch/guard-view.ts';
import { findEditors } from '../watch/guard-facts.ts';
import { findOtherDrift, findSecurityDrift } from './drift.ts';

const target = { storeId: 'abcd1234', engine: 'medusa', apiUser: 'urumi:api' } as const;
const identity = (name: string) => ({
  name,
  namespace: 'store-abcd1234',
  uid: name,
  resourceVersion: '1',
  isTerminating: false,
});
const guards = (kind: string) =>
  guardrails.medusa
    .filter(([of]) => of === kind)
    .map(([, name]) => ({ ...identity(name), isMarked: true, isAsRendered: true }));
const installer = {
  ...identity('store-installer'),
  role: 'ClusterRole/urumi-store-installer',
  subjects: ['ServiceAccount/store-abcd1234/store-installer'],
};
const reader = {
  ...identity('store-admin-reader'),
  role: 'ClusterRole/urumi-store-admin-reader',
  subjects: ['User/urumi:api'],
};
const whole: SecurityFacts & RouteFacts = {
  namespace: buildNamespace(),
  networkPolicies: guards('NetworkPolicy'),
  quotas: guards('ResourceQuota'),
  limitRanges: guards('LimitRange'),
  bindings: [installer, reader],
  services: [{ ...identity('store-server'), editors: [] }],
  ingresses: [{ ...identity('store-shop'), editors: [] }],
};

describe('F41: drift of security objects', () => {
  it('is none where everything is as it was made', () => {
    expect(findSecurityDrift(whole, target)).toEqual([]);
  });

  it.each<[string, Partial<SecurityFacts>, string]>([
    [
      'a policy was edited',
      { networkPolicies: whole.networkPolicies.map((one) => ({ ...one, isAsRendered: one.name !== 'store-dns' })) },
      'NetworkPolicy store-dns was edited',
    ],
    [
      'a policy was deleted',
      { networkPolicies: whole.networkPolicies.filter(({ name }) => name !== 'store-default-deny') },
      'NetworkPolicy store-default-deny is missing',
    ],
    [
      'a policy without our mark was added',
      { networkPolicies: [...whole.networkPolicies, { ...identity('open'), isMarked: false, isAsRendered: false }] },
      'NetworkPolicy open was edited',
    ],
    ['the quota was deleted', { quotas: [] }, 'ResourceQuota store-quota is missing'],
    [
      'the limits were edited',
      { limitRanges: [{ ...identity('store-defaults'), isMarked: true, isAsRendered: false }] },
      'LimitRange store-defaults was edited',
    ],
    [
      'pod security was edited',
      { namespace: buildNamespace({ isPodSecurityWhole: false }) },
      'Namespace store-abcd1234: the labels of pod security were edited',
    ],
    ['a binding was deleted', { bindings: [reader] }, 'RoleBinding store-installer is missing'],
    [
      'a binding got another subject',
      { bindings: [installer, { ...reader, subjects: ['User/mallory'] }] },
      'RoleBinding store-admin-reader was edited',
    ],
    [
      'a binding got one more subject',
      { bindings: [{ ...installer, subjects: [...installer.subjects, 'User/mallory'] }, reader] },
      'RoleBinding store-installer was edited',
    ],
  ])('is told where %s', (_what, differs, line) => {
    expect(findSecurityDrift({ ...whole, ...differs }, target)).toEqual([line]);
  });
});

it('a store of a chart without hashes is not judged by them', () => {
  const old = (list: SecurityFacts['quotas']) => list.map((one) => ({ ...one, isMarked: false, isAsRendered: false }));
  const facts = { networkPolicies: old(whole.networkPolicies), quotas: old(whole.quotas), limitRanges: [] };
  expect(findSecurityDrift({ ...whole, ...facts }, target)).toEqual([]);
});

describe('F41: other drift', () => {
  it('is told with who edited, and never asked to be repaired', () => {
    const facts = {
      ...whole,
      services: [{ ...identity('store-server'), editors: ['kubectl-edit'] }],
      ingresses: [{ ...identity('mine'), editors: ['kubectl-create'] }],
      bindings: [...whole.bindings, { ...identity('mine'), role: 'ClusterRole/admin', subjects: ['User/mallory'] }],
    };
    expect(findOtherDrift(facts, [buildWorkload('server', { editors: ['kubectl-patch'] })], true)).toEqual([
      'Service store-server was edited by kubectl-edit; left as it is',
      'Ingress mine was edited by kubectl-create; left as it is',
      'Workload store-server was edited by kubectl-patch; left as it is',
      'Ingress store-shop is missing',
      "RoleBinding mine is not Urumi's: it gives somebody rights here",
    ]);
    expect(findSecurityDrift(facts, target)).toEqual([]);
  });

  it('is bounded, whoever fills a namespace', () => {
    const services = Array.from({ length: 500 }, (_none, index) => ({
      ...identity(`s${index}`),
      editors: ['x'.repeat(60)],
    }));
    const lines = findOtherDrift({ ...whole, services }, [], true);
    expect([lines.length, Math.max(...lines.map(({ length }) => length)) <= 160]).toEqual([8, true]);
  });

  it('does not take a controller that writes a status, or helm itself, for an editor', () => {
    const entry = (manager: string, operation: string, subresource: string, part: string) => ({
      manager,
      operation,
      subresource,
      fieldsV1: { [part]: {} },
    });
    expect(
      findEditors([
        entry('helm', 'Apply', '', 'f:spec'),
        entry('kube-controller-manager', 'Update', 'status', 'f:status'),
        entry('cert-manager', 'Update', '', 'f:metadata'),
        entry('kubectl', 'Update', 'scale', 'f:spec'),
        entry('helm', 'Update', '', 'f:spec'),
      ]),
    ).toEqual(['kubectl', 'helm']);
  });
});
