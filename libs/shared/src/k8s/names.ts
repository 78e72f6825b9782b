/** Names of cluster objects that belong to a store. Built from the generated id only, never from text a person gave. */
import type { EngineId } from '../domain/engines/catalog.ts';
import { isStoreId } from '../domain/names.ts';
import { assertInvariant } from '../domain/errors.ts';

/** Helm release of every store, in its own namespace. */
export const releaseName = 'store';

/** Account that helm runs as, one per store namespace, and the RoleBindings the worker makes with the roles they name. */
export const installerAccount = 'store-installer';
export const installerRole = 'urumi-store-installer';
export const adminReaderBinding = 'store-admin-reader';
export const adminReaderRole = 'urumi-store-admin-reader';

/** Of charts/platform: the policy that holds the worker to namespaces of shops. A refusal names it. */
export const workerNamespacesPolicy = 'urumi-worker-namespaces';

/** Parts of a store as named by the chart: `<release>-<part>`. */
export const objectNames = {
  database: 'store-database',
  server: 'store-server',
  storefront: 'store-storefront',
  web: 'store-web',
  setupPrefix: 'store-setup-',
  adminSecret: 'store-admin',
} as const;

/** What the API calls the kinds of a store's guardrails. */
export type GuardrailKind = 'NetworkPolicy' | 'ResourceQuota' | 'LimitRange';

const policies = (...parts: string[]): [GuardrailKind, string][] =>
  parts.map((part) => ['NetworkPolicy', `store-${part}`]);
const commonGuardrails: [GuardrailKind, string][] = [
  ['ResourceQuota', 'store-quota'],
  ['LimitRange', 'store-defaults'],
  ...policies('default-deny', 'dns', 'database-egress', 'database-ingress', 'test-egress', 'test-ingress'),
];

/**
 * Guardrails that every store of an engine has, by kind and name. Not in it are those that follow the platform's values (the
 * internet, and who the shoppers' ingress is): without them less is allowed.
 */
export const guardrails: Readonly<Record<EngineId, readonly (readonly [GuardrailKind, string])[]>> = {
  woocommerce: commonGuardrails,
  medusa: [...commonGuardrails, ...policies('server-egress', 'server-ingress')],
};

/** Claims that hold a store's data. */
export const dataClaims = ['store-database-data', 'store-uploads'] as const;

/** The route of a store where it is an Ingress. */
export const ingressName = 'store-shop';

const namespacePrefix = 'store-';

/** @throws DomainError `invariant.broken` for anything but an id of our making */
export function toNamespaceName(storeId: string): string {
  assertInvariant(isStoreId(storeId), 'a namespace name is built from a generated store id only');
  return namespacePrefix + storeId;
}

/** The store id of a namespace name, or `null` for a foreign name. */
export function parseNamespaceName(name: string): string | null {
  if (!name.startsWith(namespacePrefix)) return null;
  const id = name.slice(namespacePrefix.length);
  return isStoreId(id) ? id : null;
}
