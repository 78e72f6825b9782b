/** The guards around the shops: admission policies, that they act, and the network policies of Urumi's own pods. */
import { workerNamespacesPolicy } from '@urumi/shared/k8s/names';
import { fault, listNames, ok, unknown, warn, type Finding } from './finding.ts';
import { KubectlError } from './kubectl.ts';
import { nameOf, type Policy, type PolicyBinding, type RoleBinding } from './objects.ts';

/** Of charts/platform, templates/policy. Their names are fixed; a test compares. */
export const policyNames = [
  'urumi-installer-objects',
  'urumi-installer-routes',
  'urumi-installer-workloads',
  'urumi-pods',
  'urumi-worker-access',
  workerNamespacesPolicy,
] as const;

const again = '`helm upgrade` of charts/platform with policy.enabled and the values of before.';

export function judgePolicies(policies: readonly Policy[], bindings: readonly PolicyBinding[]): Finding {
  const broken = policyNames.flatMap((name) => {
    const policy = policies.find((each) => nameOf(each) === name);
    if (policy === undefined) return [`${name} is not there`];
    if (policy.spec?.failurePolicy === 'Ignore') return [`${name} lets through what it cannot judge`];
    const bound = bindings.filter((each) => each.spec?.policyName === name);
    if (bound.length === 0) return [`${name} is not bound`];
    return bound.some((each) => each.spec?.validationActions?.includes('Deny')) ? [] : [`${name} does not deny`];
  });
  if (broken.length === 0) return ok(`all ${policyNames.length} are there, bound, and deny`);
  const isNone = policyNames.every((name) => !policies.some((each) => nameOf(each) === name));
  return fault(isNone ? 'none is there' : listNames(broken), again);
}

/** As whom the worker acts, by the binding of its rights. */
export function findWorkerUser(binding: RoleBinding): string | null {
  const [subject] = binding.subjects ?? [];
  if (subject?.name === undefined) return null;
  return subject.kind === 'ServiceAccount'
    ? `system:serviceaccount:${subject.namespace ?? ''}:${subject.name}`
    : subject.name;
}

/** @param answer  to a dry run, as the worker, of a shop's namespace without Pod Security: `null` where it was accepted */
export function judgeRefusal(answer: KubectlError | null): Finding {
  if (answer === null) return fault('a namespace that must be refused was accepted (a dry run)', again);
  const text = answer.message;
  if (text.includes(`ValidatingAdmissionPolicy '${workerNamespacesPolicy}'`))
    return ok('a namespace without Pod Security is refused to the worker (a dry run)');
  if (/cannot impersonate/.test(text)) {
    return unknown(
      'you may not act as the worker, so it was not tried',
      'Run it with the credentials of an administrator of the cluster.',
    );
  }
  if (/cannot create resource "namespaces"/.test(text)) {
    return fault(
      'the worker may not make namespaces at all',
      'Its ClusterRole or the binding was changed: `helm upgrade` of charts/platform.',
    );
  }
  if (answer.failure === 'forbidden')
    return warn(`refused, but not by Urumi's policy: ${text}`, `Leave what refuses it to its owner; and: ${again}`);
  throw answer;
}

/** @param names  of the network policies in Urumi's namespace */
export function judgeNetwork(names: readonly string[], needed: readonly string[]): Finding {
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0)
    return fault(`not there: ${listNames(missing)}`, '`helm upgrade` of charts/platform with the values of before.');
  return ok(`there: ${names.join(', ')} (whether the network enforces them, the worker finds out)`);
}
