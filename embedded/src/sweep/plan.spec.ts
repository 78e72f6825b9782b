import { describe, expect, it } from 'vitest';

import { buildPaths } from '../cluster/paths.ts';
import {
  podNamespacesIn,
  type ProcessFact,
  selectMounts,
  selectNetworkResults,
  selectProcesses,
  type SweepScope,
} from './plan.ts';

const paths = buildPaths('a', '/state/a');
const ID = 'f'.repeat(64);

function fact(part: Partial<ProcessFact>): ProcessFact {
  return { pid: 100, startTicks: 5, commandLine: 'sleep 60', network: 'net:[1]', ...part };
}

function scope(part: Partial<SweepScope> = {}): SweepScope {
  return { paths, recorded: [], members: new Set(), network: null, self: 1, ...part };
}

describe('selectProcesses', () => {
  const shim = (socket: string) => `containerd-shim-runc-v2 -namespace k8s.io -id x -address ${socket}`;

  it.each<[string, ProcessFact, Partial<SweepScope>, boolean]>([
    ['a recorded one', fact({}), { recorded: [{ pid: 100, startTicks: 5 }] }, true],
    ['a later one with a recorded number', fact({}), { recorded: [{ pid: 100, startTicks: 4 }] }, false],
    ['a container of ours', fact({}), { members: new Set([100]) }, true],
    ['one in our network', fact({ network: 'net:[7]' }), { network: 'net:[7]' }, true],
    ['one in another network', fact({ network: 'net:[8]' }), { network: 'net:[7]' }, false],
    ['any other while our network is gone', fact({ network: 'net:[1]' }), { network: null }, false],
    ['a shim of our runtime', fact({ commandLine: shim('/run/urumi-a/containerd/containerd.sock') }), {}, true],
    ['a shim of cluster "ab"', fact({ commandLine: shim('/run/urumi-ab/containerd/containerd.sock') }), {}, false],
    ['a shim of the machine', fact({ commandLine: shim('/run/containerd/containerd.sock') }), {}, false],
    ['a stranger', fact({}), {}, false],
    ['the one that sweeps', fact({ pid: 1 }), { members: new Set([1]) }, false],
  ])('%s', (_, process, part, isSelected) => {
    expect(selectProcesses([process], scope(part))).toEqual(
      isSelected ? [{ pid: process.pid, startTicks: process.startTicks }] : [],
    );
  });
});

describe('selectMounts', () => {
  it('takes those below our folders only, deepest first', () => {
    const mounts = [
      '/',
      '/state/a',
      '/state/a/kubelet',
      '/state/a/kubelet/pods/1/volumes/x',
      '/state/a/kubelet/pods/1',
      '/state/ab/kubelet/pods/2',
      '/state/a/volumes/other-disk',
      '/run/urumi-a/containerd/io.containerd.runtime.v2.task/k8s.io/1/rootfs',
      '/run/urumi-ab/containerd/rootfs',
      '/run/netns/urumi-a',
    ].map((path) => ({ path, type: 'tmpfs' }));
    expect(selectMounts(mounts, paths)).toEqual([
      '/run/urumi-a/containerd/io.containerd.runtime.v2.task/k8s.io/1/rootfs',
      '/state/a/kubelet/pods/1/volumes/x',
      '/state/a/kubelet/pods/1',
    ]);
  });
});

describe('selectNetworkResults', () => {
  it('takes the results of our network, not of one whose name begins alike', () => {
    const names = [`urumi-a-${ID}-eth0`, `urumi-a-b-${ID}-eth0`, `urumi-ab-${ID}-eth0`, `podman-${ID}-eth0`];
    expect(selectNetworkResults(names, paths)).toEqual([`urumi-a-${ID}-eth0`]);
  });
});

describe('podNamespacesIn', () => {
  it('finds the namespaces that the network plugin named', () => {
    const result = JSON.stringify({
      result: {
        interfaces: [
          { name: 'cni0' },
          { name: 'eth0', sandbox: '/var/run/netns/cni-1b2c-3d' },
          { name: 'lo', sandbox: '/var/run/netns/cni-1b2c-3d' },
        ],
      },
    });
    expect(podNamespacesIn(result)).toEqual(['cni-1b2c-3d']);
    expect(podNamespacesIn('{"sandbox":"/var/run/netns/host"}')).toEqual([]);
  });
});
