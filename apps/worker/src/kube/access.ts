/**
 * The installer of a store namespace: the account helm runs as, the bindings that give it and the api their rights there,
 * and the question whether those rights work yet (the API server learns of a binding a moment after it is made).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '@urumi/shared/domain/errors';
import {
  adminReaderBinding,
  adminReaderRole,
  installerAccount,
  installerRole,
  toNamespaceName,
} from '@urumi/shared/k8s/names';
import { anyAnswer, type KubeClient } from './client.ts';
import { KubeStatusError, toDomainFailure } from './classify-failure.ts';

const accessTimeoutMs = 10_000;
const rbac = 'rbac.authorization.k8s.io';

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

interface Subject {
  readonly kind: 'User' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

/** User name of the store's installer. The API server adds its groups by itself. */
export function toInstallerUser(storeId: string): string {
  return `system:serviceaccount:${toNamespaceName(storeId)}:${installerAccount}`;
}

export class Access {
  readonly #client: KubeClient;
  readonly #apiUser: string;

  /** @param apiUser  user name of the api; `system:serviceaccount:<namespace>:<name>` becomes a ServiceAccount */
  constructor(client: KubeClient, apiUser: string) {
    this.#client = client;
    this.#apiUser = apiUser;
  }

  /** Asks the API server, as the installer, whether it may install. One right stands for all: they come by one binding. */
  async isGranted(storeId: string, signal: AbortSignal): Promise<boolean> {
    const attributes = { namespace: toNamespaceName(storeId), verb: 'create', group: 'apps', resource: 'deployments' };
    try {
      const review = await this.#client.request({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: attributes },
        },
        asUser: toInstallerUser(storeId),
        answer: reviewSchema,
        signal,
      });
      return review.status.allowed;
    } catch (error) {
      throw toDomainFailure(error, 'read');
    }
  }

  /**
   * Makes account and bindings and waits until they work. The installer's binding comes last: where it works, the rest is
   * there too.
   * @throws DomainError `namespace.access-pending` after 10 s, `cluster.*`
   *
   * Safe to repeat.
   */
  async ensure(storeId: string, signal: AbortSignal): Promise<void> {
    const namespace = toNamespaceName(storeId);
    const installer: Subject = { kind: 'ServiceAccount', name: installerAccount, namespace };
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await Promise.all([
      this.#put(accounts, installerAccount, buildAccount(), signal),
      this.#putBinding(namespace, adminReaderBinding, adminReaderRole, toSubject(this.#apiUser), signal),
    ]);
    await this.#putBinding(namespace, installerAccount, installerRole, installer, signal);

    const until = performance.now() + accessTimeoutMs;
    for (let pauseMs = 10; !(await this.isGranted(storeId, signal)); pauseMs = Math.min(pauseMs * 2, 500)) {
      if (performance.now() > until) {
        throw new DomainError(
          'namespace.access-pending',
          {},
          { message: 'The installer has no rights in the namespace' },
        );
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }

  async #putBinding(
    namespace: string,
    name: string,
    role: string,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#put(
      `/apis/${rbac}/v1/namespaces/${namespace}/rolebindings`,
      name,
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
        subjects: [subject],
      },
      signal,
    );
  }

  /** Creates the object, or patches the one that is there. */
  async #put(collection: string, name: string, body: unknown, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.request({ method: 'POST', path: collection, body, answer: anyAnswer, signal });
    } catch (error) {
      if (!(error instanceof KubeStatusError) || error.reason !== 'AlreadyExists')
        throw toDomainFailure(error, 'change');
      await this.#patch(`${collection}/${name}`, body, signal);
    }
  }

  async #patch(path: string, body: unknown, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.request({ method: 'PATCH', path, body, answer: anyAnswer, signal });
    } catch (error) {
      throw toDomainFailure(error, 'change');
    }
  }
}

/** Nobody gets a token of this account: it is only ever impersonated. */
function buildAccount() {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: installerAccount },
    automountServiceAccountToken: false,
  };
}

const accountUser = /^system:serviceaccount:([^:]+):([^:]+)$/;

function toSubject(user: string): Subject {
  const [, namespace, name] = accountUser.exec(user) ?? [];
  if (namespace !== undefined && name !== undefined) return { kind: 'ServiceAccount', name, namespace };
  return { kind: 'User', name: user, apiGroup: rbac };
}
