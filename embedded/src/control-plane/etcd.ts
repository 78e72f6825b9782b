/** The database of the control plane. */
import { ETCD_PORT } from '../cluster/addresses.ts';
import type { Storage } from '../cluster/options.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { ComponentSpec } from '../supervise/component.ts';

const PEER_PORT = 2380;
const SPACE_BYTES_MAX = 4 * 1024 ** 3;

export function etcdSpec(input: { command: string; paths: ClusterPaths; storage: Storage }): ComponentSpec {
  const url = `http://127.0.0.1:${ETCD_PORT}`;
  return {
    name: 'etcd',
    command: input.command,
    args: [
      `--data-dir=${input.paths.etcdDir}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=http://127.0.0.1:${PEER_PORT}`,
      `--quota-backend-bytes=${SPACE_BYTES_MAX}`,
      '--log-level=warn',
      // In memory there is nothing to make durable. On disk every write is: a shop's wishes survive a power cut.
      ...(input.storage === 'memory' ? ['--unsafe-no-fsync'] : []),
    ],
  };
}
