/**
 * What somebody changed in a store's namespace outside Urumi. *Security drift* is put right by a worker; the rest is only
 * told. Pure.
 */
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import {
  adminReaderBinding,
  adminReaderRole,
  guardrails,
  ingressName,
  installerAccount,
  installerRole,
  toNamespaceName,
  type GuardrailKind,
} from '@urumi/shared/k8s/names';
import type { WorkloadFacts } from '../watch/facts.ts';
import type { BindingFacts, GuardFacts, ManagedFacts } from '../watch/guard-facts.ts';
import type { RouteFacts, SecurityFacts } from '../watch/guard-view.ts';
import { redactLine } from './redact.ts';

const lineMax = 160;
const linesMax = 8;

export interface DriftTarget {
  readonly storeId: string;
  readonly engine: EngineId;
  /** User name of the api, as the worker binds it. */
  readonly apiUser: string;
}

/** @returns a line per guardrail that is missing or not as Urumi made it */
export function findSecurityDrift(facts: SecurityFacts, { storeId, engine, apiUser }: DriftTarget): string[] {
  const lists: Readonly<Record<GuardrailKind, readonly GuardFacts[]>> = {
    NetworkPolicy: facts.networkPolicies,
    ResourceQuota: facts.quotas,
    LimitRange: facts.limitRanges,
  };
  const lines: string[] = [];
  // A store of a chart without hashes is not judged by them: a newer chart reaches a store only with a new wish.
  const isJudged =
    Object.values(lists)
      .flat()
      .some(({ isMarked }) => isMarked) || Object.values(lists).flat().length === 0;
  for (const [kind, name] of isJudged ? guardrails[engine] : []) {
    if (!lists[kind].some((guard) => guard.name === name)) lines.push(`${kind} ${name} is missing`);
  }
  for (const [kind, guards] of Object.entries(lists)) {
    for (const guard of isJudged ? guards : []) if (!guard.isAsRendered) lines.push(`${kind} ${guard.name} was edited`);
  }
  if (facts.namespace && !facts.namespace.isPodSecurityWhole) {
    lines.push(`Namespace ${facts.namespace.name}: the labels of pod security were edited`);
  }
  const namespace = toNamespaceName(storeId);
  const installer = `ServiceAccount/${namespace}/${installerAccount}`;
  lines.push(...findBindingDrift(facts.bindings, installerAccount, installerRole, installer));
  lines.push(...findBindingDrift(facts.bindings, adminReaderBinding, adminReaderRole, toSubject(apiUser)));
  return bound(lines);
}

/** @returns a line per object that leads to the store or runs it and was edited, and per binding that is not Urumi's */
export function findOtherDrift(
  facts: SecurityFacts & RouteFacts,
  workloads: readonly WorkloadFacts[],
  expectsIngress: boolean,
): string[] {
  const lines = [
    ...facts.services.flatMap((service) => tellEditors('Service', service)),
    ...facts.ingresses.flatMap((ingress) => tellEditors('Ingress', ingress)),
    ...workloads.flatMap((workload) => tellEditors('Workload', workload)),
  ];
  if (expectsIngress && !facts.ingresses.some(({ name }) => name === ingressName)) {
    lines.push(`Ingress ${ingressName} is missing`);
  }
  for (const { name } of facts.bindings) {
    if (name !== installerAccount && name !== adminReaderBinding) {
      lines.push(`RoleBinding ${name} is not Urumi's: it gives somebody rights here`);
    }
  }
  return bound(lines);
}

function findBindingDrift(
  bindings: readonly BindingFacts[],
  name: string,
  role: string,
  subject: string,
): readonly string[] {
  const binding = bindings.find((one) => one.name === name);
  if (!binding) return [`RoleBinding ${name} is missing`];
  const isWhole = binding.role === `ClusterRole/${role}` && binding.subjects.join() === subject;
  return isWhole ? [] : [`RoleBinding ${name} was edited`];
}

function tellEditors(kind: string, { name, editors }: Pick<ManagedFacts, 'name' | 'editors'>): string[] {
  return editors.length === 0 ? [] : [`${kind} ${name} was edited by ${editors.join(', ')}; left as it is`];
}

const accountUser = /^system:serviceaccount:([^:]+):([^:]+)$/;

function toSubject(user: string): string {
  const [, namespace, name] = accountUser.exec(user) ?? [];
  return name === undefined ? `User/${user}` : `ServiceAccount/${namespace}/${name}`;
}

function bound(lines: readonly string[]): string[] {
  return lines.slice(0, linesMax).map((line) => redactLine(line, lineMax));
}
