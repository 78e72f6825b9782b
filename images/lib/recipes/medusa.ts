/** The two images of a Medusa shop's own programs; its database is in `postgres.ts`. */
import { debianForNode, node } from './node.ts';
import { minute, path, type Layer, type Recipe } from './types.ts';

export const medusaVersion = '2.21.2';

export const medusaServerLayers: Layer[] = [
  debianForNode,
  node,
  {
    kind: 'script',
    name: `medusa-${medusaVersion}`,
    folder: 'medusa-server',
    script: 'install-medusa.sh',
    inputs: ['install-medusa.sh', 'check-lock.ts', 'prune.ts', 'warm-cache.ts', 'app'],
    timeoutMs: 20 * minute,
  },
  {
    kind: 'script',
    name: 'medusa-server',
    folder: 'medusa-server',
    script: 'install.sh',
    inputs: ['install.sh', 'strip-types.ts', 'setup.sh', 'urumi'],
    timeoutMs: minute,
  },
];

export const medusaServer: Recipe = {
  ref: `localhost/urumi/medusa-server:${medusaVersion}`,
  folder: 'medusa-server',
  layers: medusaServerLayers,
  run: {
    User: '1000:1000',
    ExposedPorts: { '9000/tcp': {} },
    Env: [
      path,
      'NODE_ENV=production',
      'HOME=/tmp',
      'MEDUSA_DISABLE_TELEMETRY=true',
      'NODE_COMPILE_CACHE=/srv/medusa/.compile-cache',
      'NODE_COMPILE_CACHE_PORTABLE=1',
    ],
    // Most of what a start allocates is short-lived: with room for it a tenth of the time goes.
    Entrypoint: ['node', '--max-semi-space-size=32', '/srv/medusa/urumi/start.js'],
    WorkingDir: '/srv/medusa',
    StopSignal: 'SIGTERM',
  },
};

export const medusaStorefront: Recipe = {
  ref: 'localhost/urumi/medusa-storefront:0.1.0',
  folder: 'medusa-storefront',
  layers: [
    debianForNode,
    node,
    {
      kind: 'script',
      name: 'medusa-storefront',
      folder: 'medusa-storefront',
      script: 'install.sh',
      inputs: ['install.sh', 'package.json', 'src', 'media'],
      timeoutMs: minute,
    },
  ],
  run: {
    User: '1000:1000',
    ExposedPorts: { '8080/tcp': {} },
    Env: [path, 'NODE_ENV=production', 'HOME=/tmp'],
    Entrypoint: ['node', '/srv/storefront/src/main.ts'],
    WorkingDir: '/srv/storefront',
    StopSignal: 'SIGTERM',
  },
};
