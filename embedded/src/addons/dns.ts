/** Cluster DNS: CoreDNS on the node's address, behind the Service where pods expect it. */
import { join } from 'node:path';

import { CLUSTER_DOMAIN, DNS_READY_PORT, DNS_SERVICE_ADDRESS, NODE_ADDRESS } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { buildAccess, READ } from './access.ts';

export function dnsSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  return { name: 'coredns', command: input.command, args: ['-conf', corefile(input.paths)] };
}

export function corefile(paths: ClusterPaths): string {
  return join(paths.configDir, 'Corefile');
}

/** Two server blocks: in one, `template` would run before `kubernetes` and shadow it. */
export function renderCorefile(paths: ClusterPaths): string {
  return `${CLUSTER_DOMAIN}:53 in-addr.arpa:53 {
  bind ${NODE_ADDRESS}
  errors
  ready 127.0.0.1:${DNS_READY_PORT}
  kubernetes ${CLUSTER_DOMAIN} in-addr.arpa {
    kubeconfig ${join(paths.configDir, 'coredns.kubeconfig')}
    pods insecure
    ttl 5
  }
}
.:53 {
  bind ${NODE_ADDRESS}
  template ANY ANY . {
    rcode NXDOMAIN
  }
}
`;
}

export function buildDnsObjects(): KubeObject[] {
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    // No selector: the one end point is a program on the node, not a pod.
    spec: { clusterIP: DNS_SERVICE_ADDRESS, ports },
  };
  const endpoints = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kube-dns-node',
      namespace: 'kube-system',
      labels: { 'kubernetes.io/service-name': 'kube-dns', 'endpointslice.kubernetes.io/managed-by': 'urumi-embedded' },
    },
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses: [NODE_ADDRESS], conditions: { ready: true } }],
  };
  const access = buildAccess('urumi:coredns', [
    { apiGroups: [''], resources: ['services', 'pods', 'namespaces', 'endpoints'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  ]);
  return [...access, service, endpoints];
}
