/** Writes everything on disk that the components of a cluster read: folders, configuration, identities. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { corefile, renderCorefile } from '../addons/dns.ts';
import { API_PORT } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { saveKubeconfig } from '../kube/kubeconfig.ts';
import { cniConfigFile, containerdConfigFile, renderCniConfig, renderContainerdConfig } from '../node/containerd.ts';
import { kubeProxyConfigFile, renderKubeProxyConfig } from '../node/kube-proxy.ts';
import { kubeletConfigFile, renderKubeletConfig, RESOLVER, resolverFile } from '../node/kubelet.ts';
import { CLUSTER_AUTHORITY } from '../pki/certificates.ts';
import { readKeyPair } from '../pki/openssl.ts';

const INSIDE_IDENTITIES = [
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'coredns',
  'traefik',
  'kwok',
  'provisioner',
  'network-policy',
];

export async function makeFolders(paths: ClusterPaths): Promise<void> {
  const open = [paths.stateDir, paths.configDir, dirname(cniConfigFile(paths)), paths.logsDir, paths.binDir];
  for (const dir of [...open, paths.containerdRoot, paths.kubeletRoot, paths.podLogsDir, paths.addressesDir]) {
    await mkdir(dir, { recursive: true });
  }
  // The folders of volumes can be written by anybody: only this one keeps other users of the machine out.
  for (const dir of [paths.volumesDir, paths.etcdDir]) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await chmod(dir, 0o700);
  }
}

/** Anew at every start: a newer version of this package may want other settings for the same state. */
export async function writeConfiguration(paths: ClusterPaths): Promise<void> {
  await writeFile(containerdConfigFile(paths), renderContainerdConfig(paths));
  await writeFile(cniConfigFile(paths), renderCniConfig(paths));
  await writeFile(resolverFile(paths), RESOLVER);
  await writeFile(kubeletConfigFile(paths), renderKubeletConfig(paths));
  await writeFile(kubeProxyConfigFile(paths), renderKubeProxyConfig(paths));
  await writeFile(corefile(paths), renderCorefile(paths));

  const { certificate: authority } = await readKeyPair(paths.pkiDir, CLUSTER_AUTHORITY);
  for (const name of INSIDE_IDENTITIES) {
    saveKubeconfig({
      file: join(paths.configDir, `${name}.kubeconfig`),
      name,
      server: `https://127.0.0.1:${API_PORT}`,
      authority,
      pair: await readKeyPair(paths.pkiDir, name),
    });
  }
}

/** The kubeconfig of the person and the launcher, for use outside the cluster's network. */
export async function writeAdminKubeconfig(paths: ClusterPaths, apiPort: number): Promise<void> {
  const { certificate: authority } = await readKeyPair(paths.pkiDir, CLUSTER_AUTHORITY);
  saveKubeconfig({
    file: paths.kubeconfig,
    name: `urumi-${paths.name}`,
    server: `https://127.0.0.1:${apiPort}`,
    authority,
    pair: await readKeyPair(paths.pkiDir, 'admin'),
  });
}
