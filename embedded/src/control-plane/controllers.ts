/** The controller manager and the scheduler. One of each, so neither needs an election. */
import { join } from 'node:path';

import type { ClusterPaths } from '../cluster/paths.ts';
import type { ComponentSpec } from '../supervise/component.ts';

export function controllerManagerSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  const pki = (file: string) => join(input.paths.pkiDir, file);
  return {
    name: 'kube-controller-manager',
    command: input.command,
    args: [
      `--kubeconfig=${join(input.paths.configDir, 'kube-controller-manager.kubeconfig')}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
      '--profiling=false',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${pki('service-accounts.key')}`,
      `--root-ca-file=${pki('ca.crt')}`,
      `--cluster-signing-cert-file=${pki('ca.crt')}`,
      `--cluster-signing-key-file=${pki('ca.key')}`,
      // Above the defaults (20, 30): namespaces with many objects come and go all the time here.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--concurrent-namespace-syncs=20',
      // A request that is cut off stays counted until then (default 5 min), and the next may find the quota full.
      '--resource-quota-sync-period=30s',
    ],
  };
}

export function schedulerSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  return {
    name: 'kube-scheduler',
    command: input.command,
    args: [
      `--kubeconfig=${join(input.paths.configDir, 'kube-scheduler.kubeconfig')}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
      '--profiling=false',
    ],
  };
}
