import { describe, expect, it } from 'vitest';

import { parseMountInfo } from './mounts.ts';

describe('parseMountInfo', () => {
  it('reads path and type, with and without optional fields, and undoes escapes', () => {
    const text = [
      '21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
      '30 21 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
      '31 21 0:27 / /mnt/with\\040blank rw shared:3 master:2 - tmpfs tmpfs rw',
      '',
    ].join('\n');
    expect(parseMountInfo(text)).toEqual([
      { path: '/', type: 'ext4' },
      { path: '/sys/fs/cgroup/cpu', type: 'cgroup' },
      { path: '/mnt/with blank', type: 'tmpfs' },
    ]);
  });
});
