import { describe, expect, it } from 'vitest';

import { buildKey, cacheDir } from './cache.ts';
import { BINARY_GROUPS, groupsFor, linkerFlags } from './catalog.ts';

describe('buildKey', () => {
  const input = { goVersion: 'go1.26.8-linux-amd64', goMod: 'module a', goSum: 'sum', flags: ['-p', '2'] };

  it('is the same for the same input', () => {
    expect(buildKey(input)).toBe(buildKey({ ...input, flags: [...input.flags] }));
  });

  it.each([
    ['Go', { goVersion: 'go1.27.0-linux-amd64' }],
    ['go.mod', { goMod: 'module b' }],
    ['go.sum', { goSum: 'other' }],
    ['a flag', { flags: ['-p', '4'] }],
    ['where one part ends and the next begins', { goMod: 'module asum', goSum: '' }],
  ])('changes with %s', (_, change) => {
    expect(buildKey({ ...input, ...change })).not.toBe(buildKey(input));
  });
});

describe('cacheDir', () => {
  it.each([
    [{ URUMI_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c/bin'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/urumi/bin'],
  ])('%j is %s', (env, dir) => {
    expect(cacheDir(env)).toBe(dir);
  });
});

describe('the catalog', () => {
  it.each([
    ['real', ['kube', 'etcd', 'helm', 'coredns', 'traefik']],
    ['simulated', ['kube', 'etcd', 'helm', 'kwok']],
    ['mixed', ['kube', 'etcd', 'helm', 'coredns', 'kwok', 'traefik']],
    [null, ['kube', 'etcd', 'helm', 'coredns', 'kwok', 'traefik']],
  ] as const)('builds for %s nodes what they need: the cluster first and the ingress last', (nodes, names) => {
    expect(groupsFor(nodes).map((group) => group.name)).toEqual(names);
  });

  it('stamps Kubernetes with a version that clients can read', () => {
    const kube = BINARY_GROUPS.find((group) => group.name === 'kube');
    expect(kube && linkerFlags(kube)).toContain('-X k8s.io/component-base/version.gitVersion=v1.36.4');
    expect(kube && linkerFlags(kube)).toContain('-X k8s.io/client-go/pkg/version.gitMinor=36');
  });
});
