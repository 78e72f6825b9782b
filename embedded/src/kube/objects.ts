/**
 * Kubernetes objects as plain JSON, and where the API keeps the kinds that this package handles.
 */
interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

const PLURALS: Record<string, string> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  EndpointSlice: 'endpointslices',
  IngressClass: 'ingressclasses',
  Node: 'nodes',
  PersistentVolume: 'persistentvolumes',
  Service: 'services',
  StorageClass: 'storageclasses',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

/** The path of an object in the API. */
export function objectPath(object: KubeObject): string {
  const plural = PLURALS[object.kind];
  if (plural === undefined) throw new Error(`no path is known for the kind ${object.kind}`);
  const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const namespace = object.metadata.namespace === undefined ? '' : `/namespaces/${object.metadata.namespace}`;
  return `${root}${namespace}/${plural}/${object.metadata.name}`;
}
