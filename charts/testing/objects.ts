/**
 * Shapes of rendered objects as far as the chart tests look at them, and the few questions they ask of many objects.
 */
export type Labels = Readonly<Record<string, string>>;

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly httpHeaders?: readonly { name: string; value: string }[] };
  readonly exec?: { readonly command: readonly string[] };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext?: unknown;
  readonly resources?: { readonly requests: Labels; readonly limits: Labels };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: string };
  readonly secret?: {
    readonly secretName: string;
    readonly defaultMode: number;
    readonly items: readonly { key: string }[];
  };
  readonly [source: string]: unknown;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Labels;
  readonly [field: string]: unknown;
}

/** `Kind/name`, the form golden lists use. */
export function toKey(object: KubeObject): string {
  return `${object.kind}/${object.metadata.name}`;
}

/** The one object of a kind and name. @throws Error naming what there is instead */
export function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  const [object] = found;
  if (object === undefined || found.length > 1) {
    throw new Error(`${found.length} of ${kind}/${name} in ${objects.map(toKey).join(', ')}`);
  }
  return object;
}

/** Pod templates by object; a bare Pod counts as its own template. */
export function podTemplates(objects: readonly KubeObject[]): { owner: KubeObject; template: PodTemplate }[] {
  return objects.flatMap((owner) => {
    if (owner.kind === 'Pod') return [{ owner, template: owner as unknown as PodTemplate }];
    const template = owner.spec?.['template'];
    return template === undefined ? [] : [{ owner, template: template as PodTemplate }];
  });
}

/** The pod template of one workload. */
export function templateOf(objects: readonly KubeObject[], kind: string, name: string): PodTemplate {
  const [found] = podTemplates([find(objects, kind, name)]);
  if (found === undefined) throw new Error(`${kind}/${name} has no pod template`);
  return found.template;
}

/** Every container of a pod, the initial ones too. */
export function containersOf(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
