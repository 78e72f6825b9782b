/** Rights of the programs that run beside Kubernetes, each with an identity of its own and no more than it needs. */
import type { KubeObject } from '../kube/objects.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

export const READ = ['get', 'list', 'watch'];

/** A cluster role with these rules, named as the user unless told, and its binding to that user. */
export function buildAccess(user: string, rules: readonly Rule[], name = user): KubeObject[] {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
  return [role, buildBinding(user, name)];
}

export function buildBinding(user: string, role: string): KubeObject {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: `${user}-${role}`.replace(/^(.+)-\1$/, '$1') },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
  };
  return binding;
}
