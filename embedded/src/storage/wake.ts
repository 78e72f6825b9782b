/**
 * Wakes the pods that came to the node a moment before their claim was bound. The scheduler takes a claim for bound once
 * it names its volume, the kubelet only once its status says so, which is written right after. A kubelet that looks in
 * between lets the pod wait for 10 to 15 s; any change of the pod makes it look again at once.
 */
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';

/** Says by which claim a pod was woken. */
const WOKEN = 'urumi.dev/woken-for';

export interface Pod extends KubeObject {
  spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status?: { phase?: string };
}

/** @returns names of the pods on a node that use the claim and have not begun */
export function findEarlyPods(pods: readonly Pod[], claim: string): string[] {
  return pods
    .filter(({ spec, status }) => {
      const usesIt = spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim);
      return usesIt === true && spec.nodeName !== undefined && (status?.phase ?? 'Pending') === 'Pending';
    })
    .map(({ metadata }) => metadata.name);
}

/** @param claim  one that has just become bound */
export async function wakeEarlyPods(
  client: KubeClient,
  { name, namespace = '' }: { name: string; namespace?: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = (await client.request('GET', path, { signal })) as { items: Pod[] };
  await Promise.all(
    findEarlyPods(items, name).map((pod) =>
      client.request('PATCH', `${path}/${pod}`, {
        body: { metadata: { annotations: { [WOKEN]: name } } },
        contentType: 'application/merge-patch+json',
        signal,
      }),
    ),
  );
}
