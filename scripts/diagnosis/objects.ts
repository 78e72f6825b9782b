/**
 * The fields of Kubernetes objects that judgements read. Everything is optional: an object of another version, or one that was
 * made by hand, must lead to a sentence and not to a crash.
 */

interface Named {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly message?: string;
}

export interface Container {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name?: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string } };
  }[];
}

export interface Namespace extends Named {}

export interface Node extends Named {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Lease extends Named {
  readonly spec?: { readonly renewTime?: string };
}

/** A Deployment or StatefulSet. */
export interface Workload extends Named {
  readonly kind?: string;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
  };
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
}

export interface Pod extends Named {
  readonly kind?: string;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly restartCount?: number;
      readonly imageID?: string;
      readonly state?: { readonly waiting?: { readonly reason?: string } };
      readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly finishedAt?: string } };
    }[];
  };
}

export interface Claim extends Named {
  readonly kind?: string;
  readonly status?: { readonly phase?: string };
}

export interface Ingress extends Named {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly rules?: readonly { readonly host?: string }[];
  };
}

/** A StorageClass or IngressClass. */
export interface ObjectClass extends Named {}

/** A Gateway or ClusterIssuer. */
export interface Conditioned extends Named {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Policy extends Named {
  readonly spec?: { readonly failurePolicy?: string };
}

export interface PolicyBinding extends Named {
  readonly spec?: { readonly policyName?: string; readonly validationActions?: readonly string[] };
}

export interface RoleBinding {
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

export function nameOf(object: Named): string {
  return object.metadata?.name ?? '(no name)';
}

export function hasCondition(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}
