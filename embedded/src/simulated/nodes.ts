/** The nodes that kwok plays: ordinary Node objects with its annotation. A test may add more of them, or take one away. */
import type { KubeObject } from '../kube/objects.ts';
import type { NodeLabel } from '../storage/plan.ts';

export const SIMULATED_NODE_COUNT = 3;
/** kwok plays the nodes with this annotation and no others. */
export const PLAYED = { key: 'kwok.x-k8s.io/node', value: 'fake' } as const;
/** What a pod selects to go there, and, in a mixed cluster, tolerates. */
export const SIMULATED_LABEL: NodeLabel = { key: 'urumi.dev/simulated-node', value: 'true' };

const TAINT = { ...SIMULATED_LABEL, effect: 'NoSchedule' } as const;

/** Far more than any test asks for: a node that is full is made by a test, with a quota or a small node of its own. */
const ROOM = { cpu: '1000', memory: '1Ti', pods: '10000', 'ephemeral-storage': '10Ti' };

export function isPlayed({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[PLAYED.key] === PLAYED.value;
}

export function simulatedNodeName(index: number): string {
  return `simulated-${index + 1}`;
}

/** @param isTainted  beside a real node: only pods that tolerate it may come */
export function buildSimulatedNodes(count = SIMULATED_NODE_COUNT, isTainted = false): KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = simulatedNodeName(index);
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        annotations: { [PLAYED.key]: PLAYED.value },
        labels: {
          [SIMULATED_LABEL.key]: SIMULATED_LABEL.value,
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
        },
      },
      ...(isTainted ? { spec: { taints: [TAINT] } } : {}),
      status: { allocatable: ROOM, capacity: ROOM },
    };
    return node;
  });
}
