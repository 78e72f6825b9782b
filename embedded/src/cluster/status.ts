/** What a cluster is doing right now. */
import { converse } from '../supervise/control.ts';
import type { ClusterState } from '../supervise/state.ts';
import { findCluster } from './find.ts';
import { type ClusterRequest, hasRealNode, type NodeKind } from './options.ts';

export interface ClusterStatus {
  name: string;
  phase: ClusterState['phase'] | 'stopped';
  nodes: NodeKind;
  stateDir: string;
  kubeconfig: string;
  apiUrl: string | null;
  ingressUrl: string | null;
  supervisorPid: number | null;
  state: ClusterState | null;
}

const ANSWER_TIMEOUT_MS = 5_000;

export async function readStatus(request: ClusterRequest): Promise<ClusterStatus> {
  const { options, paths, supervisor } = findCluster(request);
  let state: ClusterState | null = null;
  if (supervisor !== null) {
    await converse({
      socket: paths.controlSocket,
      request: { op: 'follow' },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      onState: (seen) => {
        state = seen;
        return true;
      },
    });
  }
  const seen = state as ClusterState | null;
  return {
    name: options.name,
    phase: seen?.phase ?? 'stopped',
    nodes: options.nodes,
    stateDir: paths.stateDir,
    kubeconfig: paths.kubeconfig,
    apiUrl: seen === null ? null : `https://127.0.0.1:${seen.apiPort}`,
    ingressUrl: seen === null || !hasRealNode(options.nodes) ? null : `http://127.0.0.1:${seen.ingressPort}`,
    supervisorPid: supervisor?.pid ?? null,
    state: seen,
  };
}
