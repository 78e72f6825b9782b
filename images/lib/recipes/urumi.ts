/** The one image of Urumi's own services: api with the dashboard, worker with helm and the store chart, reconciler. */
import { debianCommon, node } from './node.ts';
import { minute, path, type DebianLayer, type Layer, type ProgramLayer, type Recipe } from './types.ts';

/** As the platform chart's `image.tag`. */
const urumiVersion = '0.1.0';

const debianForUrumi: DebianLayer = {
  kind: 'debian',
  name: 'debian-urumi',
  packages: [
    ...debianCommon,
    // Process 1: takes in the processes that a killed helm leaves behind, which Node does not.
    'tini',
    // What helm runs under in the worker: it ends with its lease.
    'bash',
    'coreutils',
  ],
  leaveOut: ['/etc/skel/*', '/usr/share/bash-completion/*', '/usr/libexec/*'],
  user: { name: 'urumi', id: 1000, home: '/tmp' },
};

export const helm: ProgramLayer = { kind: 'program', name: 'helm', group: 'helm', into: 'usr/local/bin' };

const sources = (app: string): string[] => [`../../apps/${app}/package.json`, `../../apps/${app}/src`];

const layers: Layer[] = [
  debianForUrumi,
  node,
  helm,
  {
    kind: 'script',
    name: 'urumi-dependencies',
    folder: 'urumi',
    script: 'install-dependencies.sh',
    inputs: [
      'install-dependencies.sh',
      '../../package.json',
      '../../pnpm-lock.yaml',
      '../../pnpm-workspace.yaml',
      '../../libs/shared/package.json',
      '../../apps/api/package.json',
      '../../apps/worker/package.json',
      '../../apps/reconciler/package.json',
    ],
    timeoutMs: 10 * minute,
  },
  {
    kind: 'script',
    name: 'urumi-dashboard',
    folder: 'urumi',
    script: 'install-dashboard.sh',
    inputs: [
      'install-dashboard.sh',
      ...sources('dashboard'),
      '../../apps/dashboard/index.html',
      '../../apps/dashboard/public',
      '../../apps/dashboard/vite.config.ts',
      '../../libs/shared/src/domain',
      // Its libraries are part of what is built.
      '../../pnpm-lock.yaml',
    ],
    timeoutMs: 5 * minute,
  },
  {
    kind: 'script',
    name: 'urumi',
    folder: 'urumi',
    script: 'install.sh',
    inputs: [
      'install.sh',
      'entrypoint.sh',
      'services.json',
      ...sources('api'),
      ...sources('worker'),
      ...sources('reconciler'),
      '../../libs/shared/package.json',
      '../../libs/shared/src',
      '../../tsconfig.base.json',
      // Which compiler.
      '../../pnpm-workspace.yaml',
      ...['Chart.yaml', 'values.yaml', 'values.schema.json', 'templates', 'files'].map(
        (name) => `../../charts/ecommerce-store/${name}`,
      ),
    ],
    timeoutMs: 5 * minute,
  },
];

export const urumi: Recipe = {
  ref: `localhost/urumi/platform:${urumiVersion}`,
  folder: 'urumi',
  layers,
  run: {
    User: '1000:1000',
    ExposedPorts: { '3000/tcp': {}, '9090/tcp': {} },
    Env: [
      path,
      'NODE_ENV=production',
      'HOME=/tmp',
      'DASHBOARD_DIR=/srv/urumi/dashboard',
      'HELM_BIN=/usr/local/bin/helm',
      'STORE_CHART=/srv/urumi/ecommerce-store.tgz',
    ],
    Entrypoint: ['/usr/bin/tini', '--', '/usr/local/bin/urumi'],
    WorkingDir: '/srv/urumi',
    StopSignal: 'SIGTERM',
  },
};
