/** The ingress: Traefik on the node's address, serving Ingress objects of the class `traefik`. */
import { join } from 'node:path';

import { INGRESS_PING_PORT, INGRESS_PORT, NODE_ADDRESS } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { buildAccess, READ } from './access.ts';

const INGRESS_CLASS = 'traefik';

export function ingressSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  return {
    name: 'traefik',
    command: input.command,
    env: { KUBECONFIG: join(input.paths.configDir, 'traefik.kubeconfig') },
    args: [
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
      '--log.level=WARN',
      `--entrypoints.web.address=${NODE_ADDRESS}:${INGRESS_PORT}`,
      `--entrypoints.ping.address=127.0.0.1:${INGRESS_PING_PORT}`,
      '--ping.entrypoint=ping',
      '--providers.kubernetesingress=true',
      `--providers.kubernetesingress.ingressclass=${INGRESS_CLASS}`,
      `--providers.kubernetesingress.ingressendpoint.ip=${NODE_ADDRESS}`,
      // A Service without end points answers 503, not 404: "not ready" and "unknown" stay apart.
      '--providers.kubernetesingress.allowemptyservices=true',
      // The default of 2 s would be the longest wait between a ready shop and its first page.
      '--providers.providersthrottleduration=50ms',
    ],
  };
}

export function buildIngressObjects(): KubeObject[] {
  const access = buildAccess('urumi:traefik', [
    { apiGroups: [''], resources: ['services', 'secrets', 'nodes', 'configmaps', 'namespaces'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
  ]);
  return [...access, buildIngressClass()];
}

export function buildIngressClass(): KubeObject {
  const ingressClass = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: INGRESS_CLASS, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'traefik.io/ingress-controller' },
  };
  return ingressClass;
}
