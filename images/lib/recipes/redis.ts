/** Urumi's own Redis, for clusters that have none; the platform chart says how it runs. */
import { minute, path, type DebianLayer, type Recipe } from './types.ts';

const debianForRedis: DebianLayer = {
  kind: 'debian',
  name: 'debian-redis',
  packages: ['base-files', 'base-passwd', 'dash', 'redis-server', 'redis-tools'],
  leaveOut: ['/etc/redis/*', '/usr/share/perl*', '/usr/lib/systemd/*'],
  user: { name: 'redis', id: 999, home: '/data' },
};

export const redis: Recipe = {
  ref: 'localhost/urumi/redis:8.0',
  folder: 'redis',
  layers: [
    debianForRedis,
    {
      kind: 'script',
      name: 'redis',
      folder: 'redis',
      script: 'install.sh',
      inputs: ['install.sh'],
      timeoutMs: minute,
    },
  ],
  run: {
    User: '999:999',
    ExposedPorts: { '6379/tcp': {} },
    Env: [path],
    Entrypoint: ['redis-server'],
    WorkingDir: '/data',
    StopSignal: 'SIGTERM',
  },
};
