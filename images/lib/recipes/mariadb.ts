/**
 * The database images of WordPress shops: MariaDB, an empty data directory, and one in which the setup of the web image
 * of the same version has already run.
 */
import { chartFolder, templateName } from '../template-name.ts';
import { minute, path, perl, type DebianLayer, type Layer, type Recipe, type RunConfig } from './types.ts';

const debianForMariadb: DebianLayer = {
  kind: 'debian',
  name: 'debian-mariadb-11.8',
  packages: [
    'base-files',
    'base-passwd',
    'dash',
    'coreutils',
    'libc-bin',
    'mariadb-server-core',
    'mariadb-client-core',
    // Its dump program: makes the template, and backups.
    'mariadb-client',
    // Unpack the data directories.
    'tar',
    'zstd',
  ],
  leaveOut: [
    ...perl,
    // Tools for a database on a host of its own. `mariadb-install-db` is what make-empty.sh does.
    '/usr/bin/aria_*',
    '/usr/bin/mariadb-dumpslow',
    '/usr/bin/innochecksum',
    '/usr/bin/mariadb-[!d]*',
    '/usr/bin/mariadb_*',
    '/usr/bin/my_print_defaults',
    '/usr/bin/mysql*',
    '/usr/bin/resolveip',
    '/usr/bin/pzstd',
    '/usr/sbin/ldconfig',
    '/usr/share/mariadb/fill_help_tables.sql',
    '/usr/share/mariadb/*_test_*',
    '/etc/mysql/*',
    // Messages in other languages than English.
    ...[
      'bulgarian',
      'chinese',
      'czech',
      'danish',
      'dutch',
      'estonian',
      'french',
      'georgian',
      'german',
      'greek',
      'hindi',
      'hungarian',
      'italian',
      'japanese',
      'korean',
      'norwegian',
      'norwegian-ny',
      'polish',
      'portuguese',
      'romanian',
      'russian',
      'serbian',
      'slovak',
      'spanish',
      'swahili',
      'swedish',
      'ukrainian',
    ].map((language) => `/usr/share/mariadb/${language}/*`),
  ],
  user: { name: 'mysql', id: 999, home: '/data' },
};

const server: Layer[] = [
  debianForMariadb,
  {
    kind: 'script',
    name: 'mariadb',
    folder: 'mariadb',
    script: 'install.sh',
    inputs: ['install.sh', 'entrypoint.sh', 'ready.sh', 'mariadb.cnf'],
    timeoutMs: minute,
  },
];

/** MariaDB that can start a shop from scratch. */
export const mariadbLayers: Layer[] = [
  ...server,
  {
    kind: 'inside',
    name: 'mariadb-empty',
    roots: [server],
    folder: 'mariadb',
    script: 'make-empty.sh',
    inputs: ['make-empty.sh'],
    env: {},
    timeoutMs: 2 * minute,
  },
];

/** Shops in another language are set up from scratch: setup writes texts. */
const templateLocale = 'en_US';

/** @param web  the layers of the web image whose setup makes the template */
export function mariadbImage(
  kind: 'wordpress' | 'woocommerce',
  { version, web }: { version: string; web: Layer[] },
): Recipe {
  const template = templateName(kind, version, templateLocale);
  return {
    ref: `localhost/urumi/mariadb-${kind}:${version}`,
    folder: 'mariadb',
    layers: [
      ...mariadbLayers,
      {
        kind: 'inside',
        name: `template-${kind}`,
        roots: [mariadbLayers, web],
        folder: 'mariadb',
        script: 'make-template.sh',
        inputs: ['make-template.sh'],
        chartFiles: `../charts/ecommerce-store/files/${chartFolder[kind]}`,
        env: {
          TEMPLATE: template,
          PLUGIN: kind === 'woocommerce' ? 'woocommerce' : 'none',
          SHOP_LOCALE: templateLocale,
        },
        timeoutMs: 10 * minute,
      },
    ],
    run: mariadbRun,
    template,
  };
}

const mariadbRun: RunConfig = {
  User: '999:999',
  ExposedPorts: { '3306/tcp': {} },
  Env: [path, 'LANG=C.UTF-8'],
  Entrypoint: ['/usr/local/bin/urumi-mariadb'],
  WorkingDir: '/',
  StopSignal: 'SIGTERM',
};
