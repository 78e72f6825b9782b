/**
 * What is built from which Go module, in which order, with which flags. The versions stand in go/<module>/go.mod;
 * the stamps here repeat those that programs report about themselves.
 */
import type { NodeKind } from '../cluster/options.ts';

export type GroupName = 'kube' | 'etcd' | 'helm' | 'coredns' | 'kwok' | 'traefik';

export interface BinaryGroup {
  name: GroupName;
  label: string;
  /** The kind of nodes that needs it; both unless given. A mixed cluster has both. */
  onlyFor?: Exclude<NodeKind, 'mixed'>;
  /** Folder below go/. */
  module: string;
  /** Binary name to package. */
  packages: Readonly<Record<string, string>>;
  /** `-X` settings of the linker. */
  stamps: Readonly<Record<string, string>>;
  /** What a build from nothing took on two cores, for the first estimate. */
  secondsExpected: number;
}

const KUBERNETES = '1.36.4';
const HELM = '4.2.4';
const TRAEFIK = '3.6.12';

/** In build order: the cluster first, the ingress, which takes longest and is needed last, at the end. */
export const BINARY_GROUPS: readonly BinaryGroup[] = [
  {
    name: 'kube',
    label: 'Kubernetes',
    module: 'kube',
    packages: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy', 'kubectl'].map(
        (name) => [name, `k8s.io/kubernetes/cmd/${name}`],
      ),
    ),
    stamps: Object.assign(
      {},
      ...['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].map((path) => kubernetesStamps(path)),
    ) as Record<string, string>,
    secondsExpected: 430,
  },
  {
    name: 'etcd',
    label: 'etcd',
    module: 'etcd',
    packages: { etcd: 'go.etcd.io/etcd/server/v3' },
    stamps: {},
    secondsExpected: 50,
  },
  {
    name: 'helm',
    label: 'Helm',
    module: 'tools',
    packages: { helm: 'helm.sh/helm/v4/cmd/helm' },
    stamps: { 'helm.sh/helm/v4/internal/version.version': `v${HELM}` },
    secondsExpected: 62,
  },
  {
    name: 'coredns',
    label: 'CoreDNS',
    onlyFor: 'real',
    module: 'tools',
    packages: { coredns: 'github.com/coredns/coredns' },
    stamps: {},
    secondsExpected: 31,
  },
  {
    name: 'kwok',
    label: 'kwok',
    onlyFor: 'simulated',
    module: 'tools',
    packages: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    stamps: {},
    secondsExpected: 40,
  },
  {
    name: 'traefik',
    label: 'Traefik',
    onlyFor: 'real',
    module: 'traefik',
    packages: { traefik: 'github.com/traefik/traefik/v3/cmd/traefik' },
    stamps: { 'github.com/traefik/traefik/v3/pkg/version.Version': TRAEFIK },
    secondsExpected: 430,
  },
];

/** In build order. @param nodes  null: all groups */
export function groupsFor(nodes: NodeKind | null): readonly BinaryGroup[] {
  const isWanted = ({ onlyFor }: BinaryGroup) => onlyFor === undefined || onlyFor === nodes;
  return BINARY_GROUPS.filter((group) => nodes === null || nodes === 'mixed' || isWanted(group));
}

/** The same for every module, so that they share compiled packages; `-p 2` bounds memory on small machines. */
export const BUILD_FLAGS: readonly string[] = [
  '-p',
  '2',
  '-trimpath',
  '-buildvcs=false',
  '-tags',
  'notest,grpcnotrace',
];

export const BUILD_ENVIRONMENT: Readonly<Record<string, string>> = {
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-mod=readonly',
  GOWORK: 'off',
  CGO_ENABLED: '0',
};

/** The arguments of `go build` after the shared flags, without the place of the result. */
export function linkerFlags(group: BinaryGroup): string {
  const stamps = Object.entries(group.stamps).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s -w', ...stamps].join(' ');
}

function kubernetesStamps(path: string): Record<string, string> {
  const [major = '', minor = ''] = KUBERNETES.split('.');
  return {
    [`${path}.gitVersion`]: `v${KUBERNETES}`,
    [`${path}.gitMajor`]: major,
    [`${path}.gitMinor`]: minor,
    [`${path}.gitTreeState`]: 'clean',
  };
}
