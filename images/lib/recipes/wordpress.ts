/** The web image of a WooCommerce shop: Apache with PHP, WordPress, WP-CLI and our own files. The plugin is a layer over these. */
import { minute, path, perl, type DebianLayer, type InsideLayer, type Layer, type RunConfig } from './types.ts';

export const wordpressVersion = '7.1.1';

const debianForWordpress: DebianLayer = {
  kind: 'debian',
  name: 'debian-wordpress',
  packages: [
    'base-files',
    'base-passwd',
    'dash',
    'coreutils',
    'tar',
    'zstd',
    'apache2-bin',
    'libapache2-mod-php8.4',
    'php8.4-cli',
    'php8.4-mysql',
    'php8.4-curl',
    'php8.4-gd',
    'php8.4-intl',
    'php8.4-mbstring',
    'php8.4-xml',
    'php8.4-zip',
    'php8.4-bcmath',
    'php8.4-opcache',
  ],
  leaveOut: [
    // Debian's own scripts around Apache and PHP are written in Perl; our entry needs none of them.
    ...perl,
    // Pictures are scaled, not written on; nothing draws a window.
    '/usr/share/fonts/*',
    '/usr/share/X11/*',
    // WordPress brings the certificates it trusts.
    '/usr/share/ca-certificates/*',
    '/etc/apache2/*',
    '/etc/php/*',
  ],
  user: { name: 'www-data', id: 33, home: '/tmp' },
};

/** Bottom first. The plugin and its theme go between these and the compiled code. */
export const wordpressLayers: Layer[] = [
  debianForWordpress,
  {
    kind: 'script',
    name: `wordpress-${wordpressVersion}`,
    folder: 'wordpress',
    script: 'install-wordpress.sh',
    inputs: ['install-wordpress.sh'],
    timeoutMs: 10 * minute,
  },
  {
    kind: 'script',
    name: 'wordpress',
    folder: 'wordpress',
    script: 'install.sh',
    inputs: ['install.sh', 'apache', 'bin', 'media', 'mu-plugins', 'php', 'urumi', 'wp-config.php'],
    timeoutMs: minute,
  },
];

export const wordpressRun: RunConfig = {
  User: '33:33',
  ExposedPorts: { '8080/tcp': {} },
  Env: [path, 'HOME=/tmp'],
  Entrypoint: ['/usr/local/bin/urumi-web'],
  WorkingDir: '/srv/wordpress',
  // Apache's graceful stop: requests under way are answered first.
  StopSignal: 'SIGWINCH',
};

/**
 * PHP's compiled code of a shop made of `layers`: its first page takes a fifth of the time. Made anew with every image,
 * for a running shop never looks whether a file has changed. A shop needs its database: `database` are MariaDB's layers.
 */
export function compiledCode(
  plugin: 'woocommerce' | 'none',
  { layers, database }: { layers: Layer[]; database: Layer[] },
): InsideLayer {
  return {
    kind: 'inside',
    name: plugin === 'none' ? 'compiled-wordpress' : 'compiled-woocommerce',
    roots: [database, layers],
    folder: 'wordpress/compile',
    script: 'compile.sh',
    inputs: ['compile.sh', 'warm.php'],
    chartFiles: '../charts/ecommerce-store/files/woocommerce',
    env: { PLUGIN: plugin },
    timeoutMs: 10 * minute,
  };
}
