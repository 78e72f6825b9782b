import { describe, expect, it } from 'vitest';

import { missingPackages } from './requirements.ts';

describe('missingPackages', () => {
  it.each<[string, string[], string[]]>([
    ['nothing', [], []],
    ['a package once, however much of it is missing', ['containerd', 'ctr'], ['containerd']],
    ['a plugin that is a file', ['/usr/lib/cni/bridge'], ['containernetworking-plugins']],
  ])('names %s', (_, absent, packages) => {
    expect(missingPackages((name) => !absent.includes(name))).toEqual(packages);
  });
});
