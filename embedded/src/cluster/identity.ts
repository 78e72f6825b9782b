/**
 * Identities for programs that use the cluster: a client certificate signed by the cluster's authority, in a kubeconfig
 * that only its owner can read. What the identity may do is decided by roles, not here.
 */
import { CLUSTER_AUTHORITY } from '../pki/certificates.ts';
import { makeCertificate, readKeyPair } from '../pki/openssl.ts';
import { saveKubeconfig } from '../kube/kubeconfig.ts';
import { buildPaths } from './paths.ts';

/**
 * Writes a kubeconfig for a user of the cluster, with a new key each time.
 *
 * @param cluster  what `up` returned: name, state folder and the address on loopback are used
 * @param identity  user and groups as Kubernetes shall see them (`urumi:worker`); letters, digits and `:._-`
 * @throws Error for a name that cannot stand in a certificate, CommandError when openssl fails
 */
export async function writeKubeconfig(
  cluster: { name: string; stateDir: string; apiUrl: string },
  identity: { user: string; groups: readonly string[]; file: string },
  signal?: AbortSignal,
): Promise<void> {
  const { pkiDir } = buildPaths(cluster.name, cluster.stateDir);
  const authority = await readKeyPair(pkiDir, CLUSTER_AUTHORITY);
  const subject = { commonName: identity.user, organizations: identity.groups };
  const pair = await makeCertificate(authority, { subject, usage: 'client' }, signal);
  saveKubeconfig({
    file: identity.file,
    name: `urumi-${cluster.name}`,
    server: cluster.apiUrl,
    authority: authority.certificate,
    pair,
  });
}
