/** The worker's settings. The only file that reads the environment. */
import { z } from 'zod';
import { commonConfigShape, parseConfig } from '@urumi/shared/server/config/parse';

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const schema = z.object({
  ...commonConfigShape,
  /** Absent: no health and metrics port. */
  OPS_PORT: wholeNumber(1, 65_535).optional(),
  /** Kubeconfig of the worker's own account; may appear after the start. Absent: the pod's service account. */
  KUBECONFIG: z.string().min(1).optional(),
  HELM_BIN: z.string().min(1).default('helm'),
  /** Folder or archive of the store chart. */
  STORE_CHART: z.string().min(1),
  /** YAML of exposure, network, storage and images, passed to every shop; read for each release. Absent: the chart's defaults. */
  STORE_VALUES_FILE: z.string().min(1).optional(),
  /** User name that the api has in the cluster: it may read `store-admin` of every store. */
  URUMI_API_USER: z.string().min(1).default('urumi:api'),
  /**
   * `host:port` of the api, which the network policies forbid to the worker: tried to prove that they are enforced. Absent: the
   * worker is not held by any, as where it runs outside the cluster, and nothing is tried.
   */
  FORBIDDEN_ADDRESS: z
    .string()
    .regex(/^[^:]+:\d+$/)
    .optional(),
  WORKER_CONCURRENCY: wholeNumber(1, 50).default(3),
  GLOBAL_CONCURRENCY: wholeNumber(1, 1_000).default(10),
  RUNNING_PER_OWNER: wholeNumber(1, 1_000).default(10),
  /** How long running attempts may go on when the worker stops, before helm is ended and their jobs are handed back. */
  DRAIN_MS: wholeNumber(0, 60_000).default(20_000),
  HELM_TIMEOUT_MS: wholeNumber(1_000, 3_600_000).default(300_000),
  /** Where the worker's private folder is made, for helm's caches and temporary files; the search path finds helm and bash. */
  TMPDIR: z.string().min(1).optional(),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  /** Given to every pod by the kubelet. */
  KUBERNETES_SERVICE_HOST: z.string().default('kubernetes.default.svc'),
  KUBERNETES_SERVICE_PORT: z.string().default('443'),
});

export type Config = z.infer<typeof schema>;

/** @throws ConfigError with every fault */
export function readConfig(): Config {
  return parseConfig(schema, process.env);
}
