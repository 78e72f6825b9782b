/** The kubelet: runs the pods of the one node. */
import { join } from 'node:path';

import {
  CLUSTER_DOMAIN,
  DNS_SERVICE_ADDRESS,
  KUBELET_HEALTH_PORT,
  NODE_ADDRESS,
  NODE_NAME,
} from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { ComponentSpec } from '../supervise/component.ts';

export function kubeletSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  const { paths } = input;
  return {
    name: 'kubelet',
    command: input.command,
    args: [
      `--config=${kubeletConfigFile(paths)}`,
      `--kubeconfig=${join(paths.configDir, 'kubelet.kubeconfig')}`,
      `--node-ip=${NODE_ADDRESS}`,
      `--hostname-override=${NODE_NAME}`,
      `--root-dir=${paths.kubeletRoot}`,
      `--cert-dir=${join(paths.kubeletRoot, 'pki')}`,
    ],
  };
}

export function kubeletConfigFile(paths: ClusterPaths): string {
  return join(paths.configDir, 'kubelet.json');
}

export function resolverFile(paths: ClusterPaths): string {
  return join(paths.configDir, 'resolv.conf');
}

/** For pods that take the node's DNS: an address where nobody answers, because there is no world outside. */
export const RESOLVER = 'nameserver 127.0.0.2\n';

export function renderKubeletConfig(paths: ClusterPaths): string {
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Containers live below a cgroup of this cluster, so that another cluster's `kubepods` is never touched.
    cgroupRoot: paths.cgroup,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ['pods'],
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    podLogsDir: paths.podLogsDir,
    volumePluginDir: join(paths.kubeletRoot, 'volume-plugins'),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(paths.pkiDir, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: join(paths.pkiDir, 'kubelet-server.crt'),
    tlsPrivateKeyFile: join(paths.pkiDir, 'kubelet-server.key'),
    rotateCertificates: false,
    healthzBindAddress: '127.0.0.1',
    healthzPort: KUBELET_HEALTH_PORT,
    clusterDNS: [DNS_SERVICE_ADDRESS],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: resolverFile(paths),
    maxPods: 200,
    podPidsLimit: 512,
    // How often the use of scratch folders is compared with their limit. The default of a minute lets a disk fill.
    volumeStatsAggPeriod: '10s',
    // A removed image cannot be pulled again. 100 switches the cleaning by disk use off, and without disk signals
    // below there is no eviction that would clean images first.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { 'memory.available': '200Mi' },
    serializeImagePulls: false,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    eventRecordQPS: 0,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
