import { describe, expect, it } from 'vitest';

import { renderContainerdConfig, renderCniConfig } from '../node/containerd.ts';
import { renderKubeletConfig } from '../node/kubelet.ts';
import { buildPaths } from './paths.ts';

describe('buildPaths', () => {
  it('gives two clusters nothing in common', () => {
    const one = Object.values(buildPaths('a', '/state/a'));
    const other = new Set(Object.values(buildPaths('a-b', '/state/a-b')));
    expect(one.filter((value) => other.has(value))).toEqual([]);
  });

  it('keeps socket paths under the 108 bytes of a unix socket', () => {
    const paths = buildPaths('a'.repeat(20), '/state');
    for (const socket of Object.values(paths).filter((value) => value.endsWith('.sock'))) {
      expect(Buffer.byteLength(socket)).toBeLessThan(108);
    }
  });
});

describe('the configuration of a cluster', () => {
  const paths = buildPaths('a', '/state/a');

  it('names only folders of its own to the runtime', () => {
    const folders = [...renderContainerdConfig(paths).matchAll(/"(\/[^"]+)"/g)].map((match) => match[1]);
    expect(folders.filter((dir) => !dir?.includes('/state/a/') && !dir?.startsWith('/run/urumi-a/'))).toEqual([
      '/usr/lib/cni',
    ]);
  });

  it('keeps pods in a cgroup of its own, limits their processes and never removes an image', () => {
    expect(JSON.parse(renderKubeletConfig(paths))).toMatchObject({
      cgroupRoot: '/urumi-a',
      failCgroupV1: false,
      podPidsLimit: 512,
      maxPods: 200,
      imageGCHighThresholdPercent: 100,
      evictionHard: { 'memory.available': '200Mi' },
      podLogsDir: '/state/a/pod-logs',
    });
  });

  it('forgets pod addresses with each run, and gives none of version 6', () => {
    expect(JSON.parse(renderCniConfig(paths))).toMatchObject({
      name: 'urumi-a',
      plugins: [
        { ipam: { dataDir: '/run/urumi-a/addresses' } },
        { type: 'tuning', sysctl: { 'net.ipv6.conf.eth0.disable_ipv6': '1' } },
        { type: 'portmap' },
      ],
    });
  });
});
