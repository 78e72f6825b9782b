/**
 * The store chart as its tests see it: where it lies, values that render, and all variants a test of "every render" walks.
 */
import { fileURLToPath } from 'node:url';
import { render, type Values } from './helm.ts';
import type { KubeObject } from './objects.ts';

export const storeChart = fileURLToPath(new URL('../ecommerce-store', import.meta.url));
export const gatewayApi = 'gateway.networking.k8s.io/v1/HTTPRoute';

/** What a person must give, and no more. */
export const leastValues = { engine: 'medusa', host: 'k7m2q0l1.shop.example' } as const;

/** As the worker gives them. */
export const storeValues = {
  ...leastValues,
  urumi: { storeId: 'k7m2q0l1', generation: 7, setupRun: 1 },
} as const;

export const modes = ['ingress', 'gateway', 'none'] as const;
export const sizes = ['S', 'M', 'L'] as const;
type Mode = (typeof modes)[number];
type Size = (typeof sizes)[number];

export interface Variant {
  readonly mode: Mode;
  readonly size: Size;
}

export const variants: readonly Variant[] = modes.flatMap((mode) => sizes.map((size) => ({ mode, size })));

/** Values of one variant, with the Gateway that mode needs. */
export function toValues({ mode, size }: Variant): Values {
  const gateway = mode === 'gateway' ? { name: 'shops', namespace: 'edge', section: 'https' } : {};
  return { ...storeValues, size, exposure: { mode, gateway } };
}

/** Renders the chart as the worker would, in the namespace it would. */
export async function renderStore(values: Values): Promise<KubeObject[]> {
  return render({ chart: storeChart, values, namespace: 'store-k7m2q0l1', apiVersions: [gatewayApi] });
}

/** Renders a variant. */
export async function renderVariant(variant: Variant): Promise<KubeObject[]> {
  return renderStore(toValues(variant));
}
