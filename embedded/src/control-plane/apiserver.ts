/** The Kubernetes API. */
import { join } from 'node:path';

import { API_PORT, CLUSTER_DOMAIN, ETCD_PORT, NODE_ADDRESS, SERVICE_RANGE } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { ENCRYPTION_FILE } from '../pki/encryption.ts';
import type { ComponentSpec } from '../supervise/component.ts';

export function apiserverSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  const pki = (file: string) => join(input.paths.pkiDir, file);
  return {
    name: 'kube-apiserver',
    command: input.command,
    args: [
      '--bind-address=0.0.0.0',
      `--advertise-address=${NODE_ADDRESS}`,
      `--secure-port=${API_PORT}`,
      `--etcd-servers=http://127.0.0.1:${ETCD_PORT}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--anonymous-auth=false',
      '--allow-privileged=true',
      '--profiling=false',
      `--client-ca-file=${pki('ca.crt')}`,
      `--tls-cert-file=${pki('apiserver.crt')}`,
      `--tls-private-key-file=${pki('apiserver.key')}`,
      `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
      `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
      `--kubelet-certificate-authority=${pki('ca.crt')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--service-account-issuer=https://kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      `--service-account-key-file=${pki('service-accounts.pub')}`,
      `--service-account-signing-key-file=${pki('service-accounts.key')}`,
      `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
      `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
      '--enable-aggregator-routing=true',
      `--encryption-provider-config=${pki(ENCRYPTION_FILE)}`,
    ],
  };
}
