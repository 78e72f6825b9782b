/** Api, worker and reconciler as host processes, each with the settings and the cluster identity of its own role. */
import { join } from 'node:path';
import { startChild, type Child, type ChildSpec } from './child.ts';
import { projectFolder, type Places } from './places.ts';

export interface ServiceSettings {
  readonly places: Places;
  readonly redisUrl: string;
  readonly httpPort: number;
  /** Port on loopback under which shops answer. */
  readonly ingressPort: number;
  readonly helm: string;
  /** Further settings by service, for tests (shorter deadlines and the like). */
  readonly overrides?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>> | undefined;
}

export const serviceNames = ['api', 'worker', 'reconciler'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The user a service is in the cluster; `charts/platform` binds its role to this name. */
export function toClusterUser(service: ServiceName): string {
  return `urumi:${service}`;
}

export function toKubeconfigPath(places: Places, service: ServiceName): string {
  return join(places.kubeconfigs, `${service}.kubeconfig`);
}

export function startService(name: ServiceName, settings: ServiceSettings): Promise<Child> {
  return startChild(buildServiceSpec(name, settings));
}

function buildServiceSpec(name: ServiceName, settings: ServiceSettings): ChildSpec {
  const { places } = settings;
  const common = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    NODE_ENV: 'production',
    REDIS_URL: settings.redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
  };
  return {
    name,
    command: process.execPath,
    // Idle services should be small: without a cap Node lets garbage grow as long as the machine has memory.
    args: ['--enable-source-maps', '--max-semi-space-size=2', join(projectFolder, 'apps', name, 'dist', 'main.js')],
    env: { ...common, ...buildOwnEnvironment(name, settings), ...settings.overrides?.[name] },
    logsFolder: places.logs,
    onParentDeath: 'KILL',
    stopTimeoutMs: name === 'worker' ? 45_000 : 15_000,
  };
}

function buildOwnEnvironment(name: ServiceName, settings: ServiceSettings): Record<string, string> {
  const { places, httpPort, ingressPort } = settings;
  switch (name) {
    case 'api':
      return {
        HTTP_PORT: String(httpPort),
        URUMI_ADMIN_TOKEN_FILE: places.token,
        URUMI_TOKENS_FILE: places.tokens,
        STORE_PORT: String(ingressPort),
        DASHBOARD_DIR: join(projectFolder, 'apps', 'dashboard', 'dist'),
      };
    case 'worker':
      return {
        KUBECONFIG: toKubeconfigPath(places, name),
        HELM_BIN: settings.helm,
        STORE_CHART: join(projectFolder, 'charts', 'ecommerce-store'),
        STORE_VALUES_FILE: places.storeValues,
        URUMI_API_USER: toClusterUser('api'),
        TMPDIR: places.temporary,
      };
    case 'reconciler':
      return {
        KUBECONFIG: toKubeconfigPath(places, name),
        URUMI_API_USER: toClusterUser('api'),
        PROBE_PORT: String(ingressPort),
        STORE_PORT: String(ingressPort),
      };
  }
}
