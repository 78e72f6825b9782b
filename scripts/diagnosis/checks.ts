/**
 * The checks in the order in which they are shown: what each asks the cluster for, and who judges the answer. What several need
 * is asked for once.
 */
import { labels } from '@urumi/shared/k8s/labels';
import { fault, type Finding } from './finding.ts';
import { findWorkerUser, judgeNetwork, judgePolicies, judgeRefusal } from './judge-guards.ts';
import { judgeClocks, judgeNodes, judgeVersion, type VersionAnswer } from './judge-cluster.ts';
import { judgeRedis } from './judge-redis.ts';
import { judgeNamespace, judgeRelease, type Place } from './judge-release.ts';
import { judgeService, judgeVersions, services, type Readiness, type Service } from './judge-services.ts';
import { judgeStores } from './judge-stores.ts';
import {
  findIssuers,
  judgeCertificates,
  judgeOwnRoute,
  judgeShopRoutes,
  judgeStorage,
  parseStoresValues,
  type StoresValues,
} from './judge-ways.ts';
import { KubectlError, type Kubectl, type KubectlFailure } from './kubectl.ts';
import {
  nameOf,
  type Claim,
  type Conditioned,
  type Ingress,
  type Lease,
  type Namespace,
  type Node,
  type ObjectClass,
  type Pod,
  type Policy,
  type PolicyBinding,
  type RoleBinding,
  type Workload,
} from './objects.ts';

export interface Check {
  readonly name: string;
  /** @throws KubectlError */
  look(): Promise<Finding>;
}

/** Of one service; more are the same. */
const podsAskedMax = 4;
const defaultInstallation = 'urumi';

/** The first check: where it is a FAULT, nothing else can be told. */
export function buildClusterCheck(kubectl: Kubectl): Check {
  return {
    name: 'cluster',
    look: async () => {
      try {
        return judgeVersion(JSON.parse(await kubectl.run(['version', '--output=json'])) as VersionAnswer);
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error;
        return judgeSilence(error);
      }
    },
  };
}

function judgeSilence({ failure, message }: KubectlError): Finding {
  switch (failure) {
    case 'no-kubectl':
      return fault('kubectl is not to be found', 'Install kubectl, or put it on the PATH.');
    case 'forbidden':
      return fault(
        `refuses these credentials: ${message}`,
        'Log in to the cluster anew, or choose others with --kubeconfig or --context.',
      );
    case 'bad-config':
      return fault(
        `kubectl cannot use its configuration: ${message}`,
        'Choose another with --kubeconfig or --context.',
      );
    default:
      return fault(
        `does not answer: ${message}`,
        'Try `kubectl version`; choose the cluster with --kubeconfig or --context.',
      );
  }
}

export function buildChecks(kubectl: Kubectl, place: Place): readonly Check[] {
  const { namespace, release } = place;
  const inNamespace = ['--namespace', namespace];
  const ofRelease = [...inNamespace, '--selector', `app.kubernetes.io/instance=${release}`];

  const readNodes = once(() => kubectl.list<Node>(['nodes']));
  const readParts = once(() =>
    kubectl.list<Workload | Pod | Claim>(['deployments,statefulsets,pods,persistentvolumeclaims', ...ofRelease]),
  );
  const ofKind = async <T extends Workload | Pod | Claim>(kind: string): Promise<readonly T[]> =>
    (await readParts()).filter((part): part is T => 'kind' in part && part.kind === kind);
  const named = async <T extends Workload | Pod | Claim>(kind: string, name: string): Promise<T | undefined> =>
    (await ofKind<T>(kind)).find((part) => nameOf(part) === name);
  const readServices = async (): Promise<readonly Workload[]> => {
    const all = await ofKind<Workload>('Deployment');
    return all.filter((each) => services.some((service) => nameOf(each) === `${release}-${service}`));
  };
  const readPods = async (component: string): Promise<readonly Pod[]> =>
    (await ofKind<Pod>('Pod')).filter((pod) => pod.metadata?.labels?.[labels.component] === component);
  const readStoresValues = once(async (): Promise<StoresValues> => {
    const found = await orOn('not-found', undefined, () =>
      kubectl.run(['get', 'configmap', `${release}-stores`, ...inNamespace, '--output=json']),
    );
    const { data } = JSON.parse(found ?? '{}') as { readonly data?: Readonly<Record<string, string>> };
    return parseStoresValues(data?.['stores.yaml']);
  });
  const readIngressClasses = once(() => kubectl.list<ObjectClass>(['ingressclasses']));
  const readIngresses = once(() => kubectl.list<Ingress>(['ingresses', ...ofRelease]));
  const readInstallation = async (): Promise<string> => {
    const containers = (await readServices()).flatMap((each) => each.spec?.template?.spec?.containers ?? []);
    const env = containers.flatMap((each) => each.env ?? []);
    return env.find((each) => each.name === 'URUMI_INSTALLATION_ID')?.value ?? defaultInstallation;
  };

  const readReadiness = async (component: Service): Promise<ReadonlyMap<string, Readiness>> => {
    const pods = (await readPods(component)).filter((pod) => pod.metadata?.deletionTimestamp === undefined);
    const asked = pods.slice(0, podsAskedMax).map(nameOf);
    // The api says more on the port that people use.
    const port = component === 'api' ? 3000 : 9090;
    return new Map(await Promise.all(asked.map(async (pod) => [pod, await askReadiness(pod, port)] as const)));
  };
  const readinessOf = {
    api: once(() => readReadiness('api')),
    worker: once(() => readReadiness('worker')),
    reconciler: once(() => readReadiness('reconciler')),
  };
  const askReadiness = async (pod: string, port: number): Promise<Readiness> => {
    try {
      const body = await kubectl.run([
        'get',
        '--raw',
        `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy/readyz`,
      ]);
      return { kind: 'ready', body };
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      // The same words are used where the pod says 503 and where nothing reaches it: only the first comes with them alone.
      return {
        kind:
          error.failure === 'unavailable' && !/dial|timeout|refused|EOF/.test(error.message)
            ? 'not-ready'
            : 'not-asked',
      };
    }
  };

  const service = (component: Service): Check => ({
    name: component,
    look: async () => {
      const name = `${release}-${component}`;
      const workload = await named<Workload>('Deployment', name);
      const [pods, readiness] = await Promise.all([readPods(component), readinessOf[component]()]);
      return judgeService({ name, namespace, workload, pods, readiness, now: Date.now() });
    },
  });

  return [
    { name: 'nodes', look: async () => judgeNodes(await readNodes()) },
    {
      name: 'clocks',
      look: async () => {
        const nodes = await readNodes();
        const askedAt = Date.now();
        const leases = await kubectl.list<Lease>(['leases.coordination.k8s.io', '--namespace', 'kube-node-lease']);
        return judgeClocks({ nodes, leases, askedAt, answeredAt: Date.now() });
      },
    },
    {
      name: 'namespace',
      look: async () => {
        const read = () => kubectl.run(['get', 'namespace', namespace, '--output=json']);
        const found = await orOn('not-found', null, read);
        return judgeNamespace(found === null ? null : (JSON.parse(found) as Namespace), place);
      },
    },
    {
      // A table: the API server makes it, so what the Secrets hold never leaves it.
      name: 'release',
      look: async () => {
        const columns = ['--label-columns', 'version,status', '--no-headers'];
        const selector = ['--selector', `owner=helm,name=${release}`];
        return judgeRelease(await kubectl.run(['get', 'secrets', ...inNamespace, ...selector, ...columns]), place);
      },
    },
    ...services.map(service),
    {
      name: 'versions',
      look: async () => {
        const pods = await Promise.all(services.map(readPods));
        return judgeVersions(await readServices(), pods.flat());
      },
    },
    {
      name: 'redis',
      look: async () => {
        const [users, redis, claim, api] = await Promise.all([
          readServices(),
          named<Workload>('StatefulSet', `${release}-redis`),
          named<Claim>('PersistentVolumeClaim', `${release}-redis-data`),
          readinessOf.api(),
        ]);
        return judgeRedis({ release, namespace, services: users, redis, claim, readiness: [...api.values()] });
      },
    },
    {
      name: 'storage',
      look: async () => {
        const { storageClass } = await readStoresValues();
        return judgeStorage(await kubectl.list<ObjectClass>(['storageclasses']), storageClass);
      },
    },
    {
      name: 'dashboard route',
      look: async () => judgeOwnRoute(await readIngresses(), release, await readIngressClasses()),
    },
    {
      name: 'shop routes',
      look: async () => {
        const values = await readStoresValues();
        const gateway = values.mode === 'gateway' ? await readGateway(kubectl, values.gateway) : null;
        return judgeShopRoutes({ values, ingressClasses: await readIngressClasses(), gateway });
      },
    },
    {
      name: 'certificates',
      look: async () => {
        const asked = findIssuers(await readStoresValues(), await readIngresses());
        const read = () => kubectl.list<Conditioned>(['clusterissuers.cert-manager.io']);
        return judgeCertificates(asked, asked.length === 0 ? [] : await orOn('no-kind', null, read));
      },
    },
    {
      name: 'policies',
      look: async () =>
        judgePolicies(
          await kubectl.list<Policy>(['validatingadmissionpolicies']),
          await kubectl.list<PolicyBinding>(['validatingadmissionpolicybindings']),
        ),
    },
    { name: 'policies act', look: async () => tryForbidden(kubectl, await readInstallation()) },
    {
      name: 'network policies',
      look: async () => {
        const found = await kubectl.list<Workload>(['networkpolicies', ...ofRelease]);
        const redis = (await named('StatefulSet', `${release}-redis`)) === undefined ? [] : ['redis'];
        const needed = [...services, ...redis].map((part) => `${release}-${part}`);
        return judgeNetwork(found.map(nameOf), needed);
      },
    },
    {
      name: 'stores',
      look: async () => {
        const selector = `${labels.installation}=${await readInstallation()}`;
        return judgeStores(await kubectl.list<Namespace>(['namespaces', '--selector', selector]), Date.now());
      },
    },
  ];
}

/** Asks, as the worker, for a namespace without the Pod Security labels, everything else in order. A dry run: nothing is made. */
async function tryForbidden(kubectl: Kubectl, installation: string): Promise<Finding> {
  const read = () => kubectl.run(['get', 'clusterrolebinding', 'urumi-worker', '--output=json']);
  const binding = await orOn('not-found', null, read);
  const user = binding === null ? null : findWorkerUser(JSON.parse(binding) as RoleBinding);
  if (user === null) {
    return fault(
      'the worker has no rights: nothing binds ClusterRole urumi-worker',
      'Install charts/platform, or again: `helm upgrade` with the values of before.',
    );
  }
  const id = 'doctor00';
  const metadata = { name: `store-${id}`, labels: { [labels.installation]: installation, [labels.storeId]: id } };
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata });
  try {
    await kubectl.run(
      ['create', '--dry-run=server', '--validate=false', '--output=name', '--as', user, '-f', '-'],
      body,
    );
    return judgeRefusal(null);
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    return judgeRefusal(error);
  }
}

/** @returns `null` where the cluster knows no Gateway, `undefined` where this one is not there */
async function readGateway(
  kubectl: Kubectl,
  gateway: StoresValues['gateway'],
): Promise<Conditioned | null | undefined> {
  const inNamespace = gateway.namespace === '' ? [] : ['--namespace', gateway.namespace];
  const read = () => kubectl.list<Conditioned>(['gateways.gateway.networking.k8s.io', ...inNamespace]);
  const found = await orOn('no-kind', null, read);
  return found === null ? null : found.find((each) => nameOf(each) === gateway.name);
}

/** @returns `instead` for that failure. @throws KubectlError for another */
async function orOn<T, I>(failure: KubectlFailure, instead: I, read: () => Promise<T>): Promise<T | I> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KubectlError && error.failure === failure) return instead;
    throw error;
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
}
