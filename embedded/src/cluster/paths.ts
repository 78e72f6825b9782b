/**
 * Every path and system-wide name of a cluster, derived from its name and state folder and from nothing else.
 * The sweep relies on it: what is not named here is not ours.
 */
import { join } from 'node:path';

export interface ClusterPaths {
  name: string;
  /** Kept between starts. */
  stateDir: string;
  pkiDir: string;
  configDir: string;
  logsDir: string;
  binDir: string;
  etcdDir: string;
  containerdRoot: string;
  kubeletRoot: string;
  podLogsDir: string;
  volumesDir: string;
  /** For the person and the launcher: admin rights, loopback address. */
  kubeconfig: string;
  /** Gone after a stop. */
  runDir: string;
  controlSocket: string;
  apiSocket: string;
  ingressSocket: string;
  kubeletHealthSocket: string;
  proxyHealthSocket: string;
  dnsReadySocket: string;
  ingressPingSocket: string;
  containerdState: string;
  containerdSocket: string;
  addressesDir: string;
  supervisorFile: string;
  processesFile: string;
  /** Outside the run folder, because it guards its removal. */
  lockFile: string;
  networkNamespace: string;
  networkNamespaceFile: string;
  networkName: string;
  /** Below the root of each cgroup hierarchy, with a leading slash. */
  cgroup: string;
}

export function buildPaths(name: string, stateDir: string): ClusterPaths {
  const own = `urumi-${name}`;
  const runDir = `/run/${own}`;
  return {
    name,
    stateDir,
    pkiDir: join(stateDir, 'pki'),
    configDir: join(stateDir, 'config'),
    logsDir: join(stateDir, 'logs'),
    binDir: join(stateDir, 'bin'),
    etcdDir: join(stateDir, 'etcd'),
    containerdRoot: join(stateDir, 'containerd'),
    kubeletRoot: join(stateDir, 'kubelet'),
    podLogsDir: join(stateDir, 'pod-logs'),
    volumesDir: join(stateDir, 'volumes'),
    kubeconfig: join(stateDir, 'kubeconfig'),
    runDir,
    controlSocket: join(runDir, 'control.sock'),
    apiSocket: join(runDir, 'api.sock'),
    ingressSocket: join(runDir, 'ingress.sock'),
    kubeletHealthSocket: join(runDir, 'kubelet-health.sock'),
    proxyHealthSocket: join(runDir, 'proxy-health.sock'),
    dnsReadySocket: join(runDir, 'dns-ready.sock'),
    ingressPingSocket: join(runDir, 'ingress-ping.sock'),
    containerdState: join(runDir, 'containerd'),
    containerdSocket: join(runDir, 'containerd', 'containerd.sock'),
    addressesDir: join(runDir, 'addresses'),
    supervisorFile: join(runDir, 'supervisor.json'),
    processesFile: join(runDir, 'processes.json'),
    lockFile: `/run/urumi.locks/${name}`,
    networkNamespace: own,
    networkNamespaceFile: `/run/netns/${own}`,
    networkName: own,
    cgroup: `/${own}`,
  };
}
