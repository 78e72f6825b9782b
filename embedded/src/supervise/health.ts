/** Questions to running components, asked through the unix sockets that lead into the cluster's network. */
import http from 'node:http';

import type { KubeClient } from '../kube/client.ts';
import { NODE_NAME } from '../cluster/addresses.ts';

const ANSWER_TIMEOUT_MS = 2_000;

/** Whether a component answers its health page with 200. @throws Error with what came instead */
export function isHealthy(socketPath: string, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path, agent: false, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      if (response.statusCode === 200) resolve(true);
      else reject(new Error(`${path} answers ${response.statusCode}`));
    });
  });
}

export async function isApiReady(client: KubeClient): Promise<boolean> {
  return (await client.text('GET', '/readyz', { timeoutMs: ANSWER_TIMEOUT_MS })) === 'ok';
}

/**
 * Whether the node is ready, said by the kubelet of this start: what an earlier one reported is still in the record,
 * so its lease must be younger than `since`.
 */
export async function isNodeReady(client: KubeClient, since: Date): Promise<boolean> {
  const options = { timeoutMs: ANSWER_TIMEOUT_MS };
  const [node, lease] = (await Promise.all([
    client.request('GET', `/api/v1/nodes/${NODE_NAME}`, options),
    client.request('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${NODE_NAME}`, options),
  ])) as [
    { status?: { conditions?: { type: string; status: string; message?: string }[] } },
    { spec?: { renewTime?: string } },
  ];
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True') throw new Error(ready?.message ?? 'the node has not reported yet');
  const renewed = lease.spec?.renewTime;
  if (renewed === undefined || new Date(renewed) < since) throw new Error('the kubelet has not renewed its lease yet');
  return true;
}
