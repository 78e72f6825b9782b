/** What a namespace on its way out says about itself: which object is in the way, and which finalizer holds it. Pure. */
import type { Explanation } from '@urumi/shared/domain/verdict';
import type { ReconcilerEvent } from '@urumi/shared/domain/events';
import type { FinalizedFacts, NamespaceFacts } from '../watch/facts.ts';
import { redactLine } from './redact.ts';

const lineMax = 200;
const messageMax = 400;
const conditionsMax = 6;

/** Path of each API group's version that store objects use. Others are named by kind only. */
const groupRoots: Readonly<Record<string, string>> = {
  '': '/api/v1',
  apps: '/apis/apps/v1',
  batch: '/apis/batch/v1',
  'networking.k8s.io': '/apis/networking.k8s.io/v1',
};

/** A kind of object that is left in the namespace, as Kubernetes names it: `pods.`, `ingresses.networking.k8s.io`. */
export interface Remaining {
  readonly resource: string;
  readonly group: string;
  /** Where its objects can be read, or `null` for a kind that the platform does not make. */
  readonly root: string | null;
}

export interface Held {
  readonly remaining: Remaining;
  readonly object: FinalizedFacts;
}

/** Reads "Some resources are remaining: configmaps. has 1 resource instances, …" (Kubernetes 1.36). */
export function findRemaining(namespace: NamespaceFacts): Remaining[] {
  const message = findCondition(namespace, 'NamespaceContentRemaining')?.message ?? '';
  return [...message.matchAll(/([a-z0-9-]+)\.([a-z0-9.-]*) has \d+ resource instances/g)].map(
    ([, resource = '', group = '']) => ({
      resource,
      group,
      root: groupRoots[group] ?? null,
    }),
  );
}

/**
 * @param held  what direct reads found of the remaining kinds with their finalizers
 * @param isStalled  the teardown has taken longer than one takes
 */
export function assessTeardown(
  namespace: NamespaceFacts,
  held: readonly Held[],
  isStalled: boolean,
): Pick<Extract<ReconcilerEvent, { type: 'TeardownObserved' }>, 'reason' | 'explanation'> {
  const events = namespace.conditions
    .filter(({ status }) => status === 'True')
    .slice(0, conditionsMax)
    .map(({ type, message }) => redactLine(`${type}: ${message}`, lineMax));
  if (!isStalled) return { reason: 'TearingDown', explanation: null };

  const blocker = findBlocker(namespace, held);
  if (blocker === null) {
    const message = 'nothing in the namespace says what it waits for';
    return {
      reason: 'TeardownStalled',
      explanation: { object: `Namespace ${namespace.name}`, message, logLines: [], events },
    };
  }
  return {
    reason: 'NamespaceStuckTerminating',
    explanation: {
      object: redactLine(blocker.object, lineMax),
      message: redactLine(blocker.message, messageMax),
      logLines: [],
      events,
    },
  };
}

function findBlocker(namespace: NamespaceFacts, held: readonly Held[]): Pick<Explanation, 'object' | 'message'> | null {
  const discovery = findCondition(namespace, 'NamespaceDeletionDiscoveryFailure');
  if (discovery) {
    return {
      object: nameApiService(discovery.message),
      message: `${discovery.message}. Bring its server back, or an administrator removes the APIService`,
    };
  }

  const holder = findPodThatHolds(held);
  if (holder) {
    return {
      object: `pods/${holder.pod}`,
      message:
        `holds ${holder.claim === null ? 'the namespace' : `the claim ${holder.claim}`} until its node says that it has ended. ` +
        'If that node is gone, an administrator can remove the pod',
    };
  }
  const first = held.find(({ object }) => object.finalizers.some((name) => name !== claimProtection)) ?? held[0];
  if (first) {
    const { remaining, object } = first;
    const kind = remaining.group === '' ? remaining.resource : `${remaining.resource}.${remaining.group}`;
    return {
      object: `${kind}/${object.name}`,
      message:
        `held by finalizer ${object.finalizers.join(', ')}. Urumi removes none. ` +
        'Once its owner is known to be gone, an administrator can remove it',
    };
  }
  const finalizers = findCondition(namespace, 'NamespaceFinalizersRemaining');
  const content =
    findCondition(namespace, 'NamespaceContentRemaining') ??
    findCondition(namespace, 'NamespaceDeletionContentFailure');
  if (finalizers || content) {
    const kinds = findRemaining(namespace).map(({ resource, group }) =>
      group === '' ? resource : `${resource}.${group}`,
    );
    return {
      object: kinds.length > 0 ? `${kinds.join(', ')} in ${namespace.name}` : `Namespace ${namespace.name}`,
      message: [finalizers?.message, content?.message].filter(Boolean).join('; '),
    };
  }
  if (namespace.finalizers.length > 0) {
    return {
      object: `Namespace ${namespace.name}`,
      message: `held by its own finalizer ${namespace.finalizers.join(', ')}`,
    };
  }
  return null;
}

const claimProtection = 'kubernetes.io/pvc-protection';

/** A claim that only pods protect goes with its pod, so it is the pod that is in the way. */
function findPodThatHolds(held: readonly Held[]): { readonly pod: string; readonly claim: string | null } | null {
  const isForeign = ({ object }: Held): boolean => object.finalizers.some((name) => name !== claimProtection);
  if (held.some(isForeign)) return null;
  const pods = held.filter(({ remaining }) => remaining.group === '' && remaining.resource === 'pods');
  const claims = new Set(held.filter((one) => !pods.includes(one)).map(({ object }) => object.name));
  const holder = pods.find(({ object }) => object.claims.some((claim) => claims.has(claim))) ?? pods[0];
  if (!holder) return null;
  return { pod: holder.object.name, claim: holder.object.claims.find((claim) => claims.has(claim)) ?? null };
}

function findCondition(namespace: NamespaceFacts, type: string) {
  return namespace.conditions.find((condition) => condition.type === type && condition.status === 'True');
}

/** "…server APIs: metrics.example.com/v1beta1: the server is currently unable…": the APIService is `<version>.<group>`. */
function nameApiService(message: string): string {
  const [, group, version] = /([a-z0-9.-]+)\/(v[a-z0-9]+):/.exec(message) ?? [];
  return group === undefined || version === undefined ? 'API discovery' : `APIService ${version}.${group}`;
}
