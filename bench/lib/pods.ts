/** Watches the pods of one namespace and notes when each came as far as it had to. */
import { buildPaths } from '@urumi/embedded/cluster/paths';
import { KubeClient } from '@urumi/embedded/kube/client';
import { follow } from '@urumi/embedded/kube/follow';
import { readKubeconfig } from '@urumi/embedded/kube/kubeconfig';
import type { KubeObject } from '@urumi/embedded/kube/objects';

interface Pod extends KubeObject {
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { state?: { running?: object } }[];
  };
}

interface Marks {
  made: number;
  running: number | null;
  ready: number | null;
}

export interface PodWatch {
  /** Milliseconds since `began`: when the first pod was there, the last one ran, the last one was ready. */
  phases(): Record<string, number>;
  stop(): Promise<void>;
}

/** @param began  a reading of `performance.now()` */
export function watchPods(cluster: { name: string; stateDir: string }, namespace: string, began: number): PodWatch {
  const paths = buildPaths(cluster.name, cluster.stateDir);
  const client = new KubeClient({ socketPath: paths.apiSocket }, readKubeconfig(paths.kubeconfig));
  const stopping = new AbortController();
  const marks = new Map<string, Marks>();
  const following = follow<Pod>({
    client,
    path: `/api/v1/namespaces/${namespace}/pods`,
    signal: stopping.signal,
    onTrouble: (message) => process.stderr.write(`  pods of ${namespace}: ${message}\n`),
    onChange: (pods) => {
      const now = performance.now() - began;
      for (const [uid, { status = {} }] of pods) {
        // A Job's pod ends; what serves is what counts.
        if (status.phase === 'Succeeded') {
          marks.delete(uid);
          continue;
        }
        const mark = marks.get(uid) ?? { made: now, running: null, ready: null };
        marks.set(uid, mark);
        const containers = status.containerStatuses ?? [];
        if (containers.length > 0 && containers.every(({ state }) => state?.running !== undefined))
          mark.running ??= now;
        if (status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')) mark.ready ??= now;
      }
    },
  });
  return {
    phases: () => toPhases([...marks.values()]),
    stop: async () => {
      stopping.abort();
      await following;
      client.close();
    },
  };
}

function toPhases(marks: readonly Marks[]): Record<string, number> {
  if (marks.length === 0) return {};
  const last = (times: readonly (number | null)[]) => (times.includes(null) ? null : Math.max(...times.map(Number)));
  const running = last(marks.map((mark) => mark.running));
  const ready = last(marks.map((mark) => mark.ready));
  return {
    'first pod made': Math.min(...marks.map(({ made }) => made)),
    ...(running === null ? {} : { 'containers running': running }),
    ...(ready === null ? {} : { 'pods ready': ready }),
  };
}
