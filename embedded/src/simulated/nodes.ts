/** The nodes that kwok plays: ordinary Node objects with its annotation. A test may add more of them, or take one away. */
import type { KubeObject } from '../kube/objects.ts';
import type { NodeLabel } from '../storage/plan.ts';

export const SIMULATED_NODE_COUNT = 3;
/** kwok plays the nodes with this annotation and no others. */
export const PLAYED = { key: 'kwok.x-k8s.io/node', value: 'fake' } as const;
/** Volumes can be mounted by all nodes with this label. */
export const SIMULATED_LABEL: NodeLabel = { key: 'urumi.dev/simulated-node', value: 'true' };

/** Far more than any test asks for: a node that is full is made by a test, with a quota or a small node of its own. */
const ROOM = { cpu: '1000', memory: '1Ti', pods: '10000', 'ephemeral-storage': '10Ti' };

export function simulatedNodeName(index: number): string {
  return `simulated-${index + 1}`;
}

export function buildSimulatedNodes(count = SIMULATED_NODE_COUNT): KubeObject[] {
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
      status: { allocatable: ROOM, capacity: ROOM },
    };
    return node;
  });
}
