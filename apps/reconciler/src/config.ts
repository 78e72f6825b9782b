/** The reconciler's settings, parsed once. The only place of this app that reads the environment. */
import { commonConfigShape, parseConfig } from '@urumi/shared/server/config/parse';
import { defaultPatience } from '@urumi/shared/domain/reduce';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const duration = (defaultMs: number) => z.coerce.number().int().min(10).default(defaultMs);

const schema = z.object({
  ...commonConfigShape,
  /** Absent: no health and metrics port. */
  OPS_PORT: port.optional(),
  /** Kubeconfig of the reconciler's own identity; without it the account mounted into the pod is used. */
  KUBECONFIG: z.string().min(1).optional(),
  KUBERNETES_SERVICE_HOST: z.string().min(1).optional(),
  KUBERNETES_SERVICE_PORT: port.default(443),
  /** Address of the ingress. Probes go there and send the shop's host. */
  PROBE_HOST: z.string().min(1).default('127.0.0.1'),
  PROBE_PORT: port.default(8080),
  STORE_SCHEME: z.enum(['http', 'https']).default('http'),
  /** Port in the shops' public address, as the api shows it. 0: the scheme's own. */
  STORE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  PROBE_TIMEOUT_MS: duration(5_000),
  PROBE_UNSETTLED_MS: duration(500),
  PROBE_READY_MS: duration(30_000),
  /** How long a page may fail behind available workloads before it is named as the fault. */
  PAGE_GRACE_MS: duration(30_000),
  /** How long a claim may wait for its volume before it is named as the fault. */
  VOLUME_GRACE_MS: duration(30_000),
  PROVISIONING_DEADLINE_MS: duration(15 * 60_000),
  /** No deadline fires before this process itself has watched the wish for so long. */
  WATCH_GRACE_MS: duration(defaultPatience.degradedGraceMs),
  TEARDOWN_STALLED_MS: duration(2 * 60_000),
  /** How often caches are checked by new lists, and stamps against records. */
  RESYNC_MS: duration(60_000),
  /** How often every record is checked against the caches, and what is owed is rung for. */
  SWEEP_MS: duration(10_000),
  /** While creates wait because many fail alike, one of them tries this often. */
  CREATES_PROBE_MS: duration(60_000),
  /** As the worker's: the gate opens no sooner than one lease period after it was found shut. */
  LEASE_MS: duration(6_000),
  /** How often a ready shop is asked for by its name, as an outsider would. Feeds a note only. */
  PUBLIC_CHECK_MS: duration(5 * 60_000),
  /** The api's user name, as the worker binds it in every store's namespace. */
  URUMI_API_USER: z.string().min(1).default('urumi:api'),
  OBSERVE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(8),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError that lists every fault */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return parseConfig(schema, env);
}
