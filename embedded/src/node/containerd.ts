/** The container runtime and the pods' network, with roots, state and socket of this cluster's own. */
import { join } from 'node:path';

import { POD_RANGE } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { PAUSE_IMAGE } from './pause-image.ts';

const CNI_PLUGINS = '/usr/lib/cni';

export function containerdSpec(paths: ClusterPaths): ComponentSpec {
  return { name: 'containerd', command: 'containerd', args: ['--config', containerdConfigFile(paths)] };
}

export function containerdConfigFile(paths: ClusterPaths): string {
  return join(paths.configDir, 'containerd.toml');
}

export function cniConfigFile(paths: ClusterPaths): string {
  return join(cniConfigDir(paths), '10-bridge.conflist');
}

export function renderContainerdConfig(paths: ClusterPaths): string {
  const text = JSON.stringify; // a TOML basic string is a JSON string
  return `version = 2
root = ${text(paths.containerdRoot)}
state = ${text(paths.containerdState)}
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]

[grpc]
  address = ${text(paths.containerdSocket)}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  disable_apparmor = true
  # Where the machine lacks CAP_SYS_RESOURCE every pod dies without this ("can't get final child's PID from pipe").
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(CNI_PLUGINS)}
    conf_dir = ${text(cniConfigDir(paths))}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;
}

/** Pods on one bridge, the node as their router, no masquerading: there is nowhere to go outside. */
export function renderCniConfig(paths: ClusterPaths): string {
  const bridge = {
    type: 'bridge',
    bridge: 'cni0',
    isGateway: true,
    hairpinMode: true,
    ipMasq: false,
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: POD_RANGE }]],
      routes: [{ dst: '0.0.0.0/0' }],
      // In the run folder: after a stop no pod has an address any more, whatever the files said.
      dataDir: paths.addressesDir,
    },
  };
  // Link-local addresses of version 6 would lead from pod to pod past every policy.
  const noVersion6 = { type: 'tuning', sysctl: { 'net.ipv6.conf.eth0.disable_ipv6': '1' } };
  const plugins = [bridge, noVersion6, { type: 'portmap', capabilities: { portMappings: true } }];
  return `${JSON.stringify({ cniVersion: '0.4.0', name: paths.networkName, plugins }, null, 2)}\n`;
}

function cniConfigDir(paths: ClusterPaths): string {
  return join(paths.configDir, 'cni');
}
