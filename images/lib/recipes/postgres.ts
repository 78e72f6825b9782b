/** The database image of a Medusa shop: PostgreSQL, and a data directory in which setup has already run. */
import { templateName } from '../template-name.ts';
import { medusaServerLayers, medusaVersion } from './medusa.ts';
import { minute, path, perl, type DebianLayer, type Layer, type Recipe } from './types.ts';

const debianForPostgres: DebianLayer = {
  kind: 'debian',
  name: 'debian-postgres-17',
  packages: [
    'base-files',
    'base-passwd',
    'dash',
    'coreutils',
    'libc-bin',
    'postgresql-17',
    'postgresql-client-17',
    // Unpack the template.
    'tar',
    'zstd',
  ],
  leaveOut: [
    // Just-in-time compilation is off: it never pays for a shop's short queries, and its compiler is 160 MB.
    '*/libLLVM*',
    '*/libz3.so*',
    '*/llvmjit*',
    '*/bitcode/*',
    // Debian's wrappers for several clusters on one host are written in Perl; a container has one.
    ...perl,
    '/usr/share/postgresql-common/*',
    '/etc/postgresql*',
  ],
  user: { name: 'postgres', id: 999, home: '/data' },
};

const postgresLayers: Layer[] = [
  debianForPostgres,
  {
    kind: 'script',
    name: 'postgres',
    folder: 'postgres',
    script: 'install.sh',
    inputs: ['install.sh', 'entrypoint.sh', 'new-cluster.sh'],
    timeoutMs: minute,
  },
];

/** Shops in another currency are set up from scratch: prices are made in it. */
const templateCurrency = 'EUR';

export function postgresForMedusa(): Recipe {
  const template = templateName('medusa', medusaVersion, templateCurrency);
  return {
    ref: `localhost/urumi/postgres-medusa:${medusaVersion}`,
    folder: 'postgres',
    layers: [
      ...postgresLayers,
      {
        kind: 'inside',
        name: 'template-medusa',
        roots: [postgresLayers, medusaServerLayers],
        folder: 'postgres',
        script: 'make-template.sh',
        inputs: ['make-template.sh', 'scrub.sql'],
        chartFiles: '../charts/ecommerce-store/files/medusa',
        env: { TEMPLATE: template, SHOP_CURRENCY: templateCurrency },
        timeoutMs: 10 * minute,
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
    template,
  };
}
