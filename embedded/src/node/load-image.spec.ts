import { describe, expect, it } from 'vitest';

import { isLoaded, parseImageList } from './load-image.ts';

// containerd 1.6.20, `ctr --namespace k8s.io images ls`
const LIST = `REF                                                                     TYPE                                                 DIGEST                                                                  SIZE    PLATFORMS   LABELS
localhost/urumi/pause:1                                                 application/vnd.docker.distribution.manifest.v2+json sha256:aaaa 1.9 MiB linux/amd64 io.cri-containerd.image=managed
sha256:cccc                                                             application/vnd.docker.distribution.manifest.v2+json sha256:aaaa 1.9 MiB linux/amd64 io.cri-containerd.image=managed
sha256:dddd                                                             application/vnd.docker.distribution.manifest.v2+json sha256:bbbb 1.9 MiB linux/amd64 io.cri-containerd.image=managed
`;

describe('isLoaded', () => {
  const known = parseImageList(LIST);

  it.each([
    ['is there', ['localhost/urumi/pause:1'], 'sha256:cccc', true],
    ['is there under another tag only', ['localhost/urumi/other:1'], 'sha256:cccc', false],
    ['lost its tag to a newer image', ['localhost/urumi/pause:1'], 'sha256:dddd', false],
    ['is unknown', ['localhost/urumi/pause:1'], 'sha256:eeee', false],
  ])('an image that %s', (_, references, id, expected) => {
    expect(isLoaded(known, { references, id })).toBe(expected);
  });
});
