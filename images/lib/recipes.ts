/**
 * What each image consists of: its layers, bottom first, and how it runs. Pure data; `layers.ts` makes the layers and
 * `archive.ts` packs them. Images name layers, so a layer that two images share is made, stored and imported once.
 */

export const nodeVersion = '24.21.0';

/** Software from Debian, unpacked without running maintainer scripts: what they would set up is small and done here. */
export type DebianLayer = {
  kind: 'debian';
  name: string;
  packages: string[];
  /** Path patterns of dpkg that are left out, over those left out everywhere. */
  leaveOut: string[];
  user: { name: string; id: number; home: string };
};

/** The node binary alone, from its npm package: no npm, no headers. */
export type NodeLayer = { kind: 'node'; name: string; version: string };

/** The files an install script puts below the folder it is given; the Dockerfile runs the same script. */
export type ScriptLayer = {
  kind: 'script';
  name: string;
  /** Folder of the image, relative to this package. */
  folder: string;
  script: string;
  /** Files and folders the script reads, relative to `folder`: they decide whether the layer is made anew. */
  inputs: string[];
  timeoutMs: number;
};

export type Layer = DebianLayer | NodeLayer | ScriptLayer;

/** The part of an OCI image configuration that says how a container runs. */
export type RunConfig = {
  User: string;
  ExposedPorts: Record<string, Record<string, never>>;
  Env: string[];
  Entrypoint: string[];
  WorkingDir: string;
  StopSignal: string;
};

export type Recipe = { ref: string; layers: Layer[]; run: RunConfig };

export type ImageName = 'medusa-server' | 'medusa-storefront' | 'postgres';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const minute = 60_000;

const debianForNode: DebianLayer = {
  kind: 'debian',
  name: 'debian-node',
  packages: ['base-files', 'base-passwd', 'dash', 'libc6', 'libstdc++6', 'libatomic1'],
  leaveOut: [],
  user: { name: 'node', id: 1000, home: '/tmp' },
};

const node: NodeLayer = { kind: 'node', name: `node-${nodeVersion}`, version: nodeVersion };

const debianForPostgres: DebianLayer = {
  kind: 'debian',
  name: 'debian-postgres-17',
  packages: ['base-files', 'base-passwd', 'dash', 'coreutils', 'libc-bin', 'postgresql-17', 'postgresql-client-17'],
  leaveOut: [
    // Just-in-time compilation is off: it never pays for a shop's short queries, and its compiler is 160 MB.
    '*/libLLVM*',
    '*/libz3.so*',
    '*/llvmjit*',
    '*/bitcode/*',
    // Debian's wrappers for several clusters on one host are written in Perl; a container has one.
    '*/perl',
    '*/perl/*',
    '*/perl5*',
    '*/perl-base*',
    '*/libperl*',
    '/usr/share/postgresql-common/*',
    '/etc/postgresql*',
  ],
  user: { name: 'postgres', id: 999, home: '/data' },
};

export const recipes: Record<ImageName, Recipe> = {
  'medusa-server': {
    ref: 'localhost/urumi/medusa-server:2.21.2',
    layers: [
      debianForNode,
      node,
      {
        kind: 'script',
        name: 'medusa-2.21.2',
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
        inputs: ['install.sh', 'urumi'],
        timeoutMs: minute,
      },
    ],
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
      Entrypoint: ['node', '/srv/medusa/urumi/start.ts'],
      WorkingDir: '/srv/medusa',
      StopSignal: 'SIGTERM',
    },
  },
  'medusa-storefront': {
    ref: 'localhost/urumi/medusa-storefront:0.1.0',
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
  },
  postgres: {
    ref: 'localhost/urumi/postgres:17',
    layers: [
      debianForPostgres,
      {
        kind: 'script',
        name: 'postgres',
        folder: 'postgres',
        script: 'install.sh',
        inputs: ['install.sh', 'entrypoint.sh'],
        timeoutMs: minute,
      },
    ],
    run: {
      User: '999:999',
      ExposedPorts: { '5432/tcp': {} },
      Env: [path.replace('PATH=', 'PATH=/usr/lib/postgresql/17/bin:'), 'PGDATA=/data/pgdata', 'LANG=C.UTF-8'],
      Entrypoint: ['/usr/local/bin/urumi-postgres'],
      WorkingDir: '/',
      // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
      StopSignal: 'SIGINT',
    },
  },
};

export function isImageName(text: string): text is ImageName {
  return Object.hasOwn(recipes, text);
}
