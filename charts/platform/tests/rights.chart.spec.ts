/** The rights of each service, word for word, and that they fit what the store chart needs. */
import { expect, test } from 'vitest';
import {
  adminReaderBinding,
  adminReaderRole,
  installerAccount,
  installerRole,
  objectNames,
} from '@urumi/shared/k8s/names';
import { find, type KubeObject } from '../../testing/objects.ts';
import { renderPlatform } from '../../testing/platform-chart.ts';
import { renderVariant, variants } from '../../testing/store-chart.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const objects = await renderPlatform('values-embedded.yaml');

/** Kinds of the store chart as the API calls them. */
const resources: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Deployment: 'apps/deployments',
  HTTPRoute: 'gateway.networking.k8s.io/httproutes',
  Ingress: 'networking.k8s.io/ingresses',
  Job: 'batch/jobs',
  LimitRange: 'limitranges',
  NetworkPolicy: 'networking.k8s.io/networkpolicies',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  ResourceQuota: 'resourcequotas',
  Secret: 'secrets',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  StatefulSet: 'apps/statefulsets',
};

test.each(['urumi-store-admin-reader', 'urumi-store-installer', 'urumi-worker', 'urumi-reconciler'])(
  'the rules of %s are the golden ones',
  async (name) => {
    const lines = rulesOf(name).map(({ apiGroups, resources: of, resourceNames = [], verbs }) => {
      const names = resourceNames.length > 0 ? ` [${resourceNames.join(' ')}]` : '';
      return `${apiGroups.join(' ') || 'core'}: ${of.join(' ')}${names}: ${verbs.join(' ')}`;
    });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
  },
);

test('there are no other roles, and no wildcard in any', () => {
  const roles = objects.filter(({ kind }) => kind === 'ClusterRole');
  expect(roles).toHaveLength(4);
  for (const { metadata } of roles) {
    for (const rule of rulesOf(metadata.name)) expect(JSON.stringify(rule)).not.toContain('*');
  }
});

test('the installer may make exactly the kinds of the store chart', async () => {
  const kinds = (await Promise.all(variants.map((variant) => renderVariant(variant))))
    .flat()
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
    .map(({ kind }) => resources[kind] ?? kind);
  const creatable = rulesOf(installerRole)
    .filter(({ verbs }) => verbs.includes('create'))
    .flatMap(({ apiGroups, resources: of }) =>
      of.map((resource) => [apiGroups[0], resource].filter(Boolean).join('/')),
    );
  expect(creatable.sort()).toEqual([...new Set(kinds)].sort());
});

test('roles, names and subjects are those that code binds', () => {
  expect(rulesOf(adminReaderRole)).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: [objectNames.adminSecret], verbs: ['get'] },
  ]);
  const named = rulesOf('urumi-worker').flatMap(({ resourceNames = [] }) => resourceNames);
  expect(new Set(named)).toEqual(new Set([installerAccount, adminReaderBinding, installerRole, adminReaderRole]));
});

test('nobody but the worker and the reconciler is bound in the whole cluster', () => {
  const bindings = objects.filter(({ kind }) => kind === 'ClusterRoleBinding');
  expect(bindings.map(({ roleRef, subjects }) => [(roleRef as { name: string }).name, subjects])).toEqual([
    ['urumi-reconciler', [{ kind: 'User', name: 'urumi:reconciler', apiGroup: 'rbac.authorization.k8s.io' }]],
    ['urumi-worker', [{ kind: 'User', name: 'urumi:worker', apiGroup: 'rbac.authorization.k8s.io' }]],
  ]);
});

test('inside the cluster the subjects are the accounts of the release', async () => {
  const rendered = await renderPlatform('values-local.yaml');
  expect(find(rendered, 'ClusterRoleBinding', 'urumi-worker')['subjects']).toEqual([
    { kind: 'ServiceAccount', name: 'urumi-worker', namespace: 'urumi-system' },
  ]);
  find(rendered, 'ServiceAccount', 'urumi-worker');
});

test('every policy is bound, denies, and fails closed', () => {
  const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  expect(policies).toHaveLength(6);
  for (const policy of policies) {
    expect(policy.spec?.['failurePolicy']).toBe('Fail');
    const binding = find(objects, 'ValidatingAdmissionPolicyBinding', policy.metadata.name);
    expect(binding.spec).toEqual({ policyName: policy.metadata.name, validationActions: ['Deny'] });
  }
});

function rulesOf(name: string): readonly Rule[] {
  const role: KubeObject = find(objects, 'ClusterRole', name);
  return role['rules'] as readonly Rule[];
}
