/** What shops are made of and reached by: storage class, ingress class or Gateway, certificates. */
import { parse } from 'yaml';
import { fault, listNames, ok, unknown, warn, type Finding } from './finding.ts';
import { hasCondition, nameOf, type Conditioned, type Ingress, type ObjectClass } from './objects.ts';

/** The part of the stores' values that is judged here; empty texts as in the chart: the cluster's default. */
export interface StoresValues {
  readonly storageClass: string;
  readonly mode: string;
  readonly ingressClass: string;
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly clusterIssuer: string;
}

/** @param text  `stores.yaml` of the ConfigMap, `undefined` where there is none: then the store chart's own defaults hold */
export function parseStoresValues(text: string | undefined): StoresValues {
  const root: unknown = text === undefined ? {} : parse(text);
  const read = (...path: readonly string[]): string => {
    let at: unknown = root;
    for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
    return typeof at === 'string' ? at : '';
  };
  return {
    storageClass: read('storage', 'className'),
    mode: read('exposure', 'mode') || 'ingress',
    ingressClass: read('exposure', 'className'),
    gateway: { name: read('exposure', 'gateway', 'name'), namespace: read('exposure', 'gateway', 'namespace') },
    clusterIssuer: read('exposure', 'tls', 'clusterIssuer'),
  };
}

const defaultStorage = 'storageclass.kubernetes.io/is-default-class';
const defaultIngress = 'ingressclass.kubernetes.io/is-default-class';

const isMarked = (mark: string) => (each: ObjectClass) => each.metadata?.annotations?.[mark] === 'true';

export function judgeStorage(classes: readonly ObjectClass[], wished: string): Finding {
  const names = classes.map(nameOf);
  const there =
    names.length === 0 ? 'There is none at all: install a storage provisioner.' : `There are: ${listNames(names)}.`;
  if (wished !== '') {
    if (names.includes(wished)) return ok(`shops use the class ${wished}`);
    return fault(
      `shops use the class ${wished}, which is not there`,
      `Set stores.storage.className to one that is. ${there}`,
    );
  }
  const marked = classes.filter(isMarked(defaultStorage)).map(nameOf);
  if (marked.length === 0) {
    return fault(
      "there is no default StorageClass, so shops' volumes wait for ever",
      `Name one in stores.storage.className, or mark it with the annotation ${defaultStorage}: "true". ${there}`,
    );
  }
  if (marked.length === 1) return ok(`shops use the default class, ${marked.join()}`);
  return warn(
    `${marked.length} classes are the default: ${listNames(marked)}; the newest is taken`,
    'Name the one that is meant in stores.storage.className.',
  );
}

export interface RouteFacts {
  readonly values: StoresValues;
  readonly ingressClasses: readonly ObjectClass[];
  /** `null` where the cluster knows no Gateway; `undefined` where the one that is named is not there. */
  readonly gateway: Conditioned | null | undefined;
}

export function judgeShopRoutes({ values, ingressClasses, gateway }: RouteFacts): Finding {
  switch (values.mode) {
    case 'none':
      return ok('shops get none from Urumi (stores.exposure.mode is none)');
    case 'gateway': {
      const place = `${values.gateway.namespace === '' ? '' : `${values.gateway.namespace}/`}${values.gateway.name}`;
      if (gateway === null)
        return fault(
          'shops use a Gateway, and the cluster has no Gateway API',
          'Install the Gateway API and a controller for it, or set stores.exposure.mode to ingress.',
        );
      if (values.gateway.namespace === '')
        return unknown(
          `shops use a Gateway ${place} in their own namespaces`,
          "Set stores.exposure.gateway.namespace to the Gateway's.",
        );
      if (gateway === undefined)
        return fault(
          `shops use the Gateway ${place}, which is not there`,
          'Make it, or name the right one in stores.exposure.gateway.',
        );
      if (hasCondition(gateway.status?.conditions, 'Programmed')) return ok(`shops use the Gateway ${place}`);
      return warn(
        `shops use the Gateway ${place}, which its controller has not programmed`,
        `See \`kubectl --namespace ${values.gateway.namespace} describe gateway ${values.gateway.name}\`.`,
      );
    }
    default:
      return judgeIngressClass('shops', values.ingressClass, ingressClasses, 'stores.exposure.className');
  }
}

/** The way to dashboard and API. */
export function judgeOwnRoute(
  ingresses: readonly Ingress[],
  release: string,
  classes: readonly ObjectClass[],
): Finding {
  const own = ingresses.find((each) => nameOf(each) === `${release}-api`);
  if (own === undefined) return ok('no Ingress of the chart: by a Gateway, or by a way of your own');
  const host = own.spec?.rules?.[0]?.host ?? '(any host)';
  const finding = judgeIngressClass(host, own.spec?.ingressClassName ?? '', classes, 'exposure.className');
  return finding;
}

function judgeIngressClass(who: string, wished: string, classes: readonly ObjectClass[], value: string): Finding {
  const names = classes.map(nameOf);
  const there =
    names.length === 0 ? 'There is none at all: install an ingress controller.' : `There are: ${listNames(names)}.`;
  if (wished !== '') {
    if (names.includes(wished)) return ok(`${who}: by the ingress class ${wished}`);
    return fault(`${who}: by the ingress class ${wished}, which is not there`, `Set ${value} to one that is. ${there}`);
  }
  const [marked] = classes.filter(isMarked(defaultIngress)).map(nameOf);
  if (marked !== undefined) return ok(`${who}: by the default ingress class, ${marked}`);
  return fault(`${who}: by the default ingress class, and none is the default`, `Name one in ${value}. ${there}`);
}

const issuerAnnotation = 'cert-manager.io/cluster-issuer';

/** Names of the ClusterIssuers that somebody asks. */
export function findIssuers(values: StoresValues, ingresses: readonly Ingress[]): readonly string[] {
  const asked = [
    values.clusterIssuer,
    ...ingresses.map((each) => each.metadata?.annotations?.[issuerAnnotation] ?? ''),
  ];
  return [...new Set(asked)].filter((name) => name !== '');
}

/** @param issuers  those there are; `null` where the cluster does not know the kind */
export function judgeCertificates(asked: readonly string[], issuers: readonly Conditioned[] | null): Finding {
  if (asked.length === 0) return ok('no issuer is asked: the edge has them, or plain http');
  if (issuers === null) {
    return fault(
      `the issuer ${listNames(asked)} is asked, and the cluster has no cert-manager`,
      'Install cert-manager, or name a certificate in tls.secretName.',
    );
  }
  const missing = asked.filter((name) => !issuers.some((each) => nameOf(each) === name));
  if (missing.length > 0)
    return fault(
      `this ClusterIssuer is not there: ${listNames(missing)}`,
      'Make it, or name the right one in tls.clusterIssuer.',
    );
  const idle = issuers.filter(
    (each) => asked.includes(nameOf(each)) && !hasCondition(each.status?.conditions, 'Ready'),
  );
  if (idle.length > 0)
    return fault(
      `this ClusterIssuer is not ready: ${listNames(idle.map(nameOf))}`,
      'See `kubectl describe clusterissuer NAME`.',
    );
  return ok(`made by the ClusterIssuer ${listNames(asked)}`);
}
