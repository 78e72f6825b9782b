/** The service proxy: cluster addresses by iptables rules inside the cluster's network. */
import { join } from 'node:path';

import { NODE_ADDRESS, NODE_NAME, POD_RANGE, PROXY_HEALTH_PORT } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { ComponentSpec } from '../supervise/component.ts';

export function kubeProxySpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  return {
    name: 'kube-proxy',
    command: input.command,
    args: [`--config=${kubeProxyConfigFile(input.paths)}`, `--hostname-override=${NODE_NAME}`],
  };
}

export function kubeProxyConfigFile(paths: ClusterPaths): string {
  return join(paths.configDir, 'kube-proxy.json');
}

export function renderKubeProxyConfig(paths: ClusterPaths): string {
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    // The default of 1 s would be the longest wait between a ready pod and its Service. A sync takes some 40 ms here.
    iptables: { minSyncPeriod: '50ms' },
    clusterCIDR: POD_RANGE,
    clientConnection: { kubeconfig: join(paths.configDir, 'kube-proxy.kubeconfig') },
    // 0: leave the machine's connection tracking as it is.
    conntrack: { maxPerCore: 0, min: 0 },
    healthzBindAddress: `127.0.0.1:${PROXY_HEALTH_PORT}`,
    metricsBindAddress: '127.0.0.1:10249',
    nodePortAddresses: [`${NODE_ADDRESS}/32`],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
