/**
 * The store chart as its tests see it: where it lies, values that render, and all variants a test of "every render" walks.
 */
import { fileURLToPath } from 'node:url';
import { templateName } from '@urumi/images/template-name';
import { render, type Values } from './helm.ts';
import type { KubeObject } from './objects.ts';

export const storeChart = fileURLToPath(new URL('../ecommerce-store', import.meta.url));
export const gatewayApi = 'gateway.networking.k8s.io/v1/HTTPRoute';

/** What a person must give, and no more. */
export const leastValues = { engine: 'medusa', host: 'k7m2q0l1.shop.example' } as const;

/** As the worker gives them. Medusa's template fits by the chart's own values. */
export const storeValues = {
  ...leastValues,
  urumi: { storeId: 'k7m2q0l1', generation: 7, setupRun: 1 },
} as const;

/** The same for WooCommerce, whose images are made with an archive that somebody gives. */
export const pluginVersion = '11.0.1';
const woocommerce = {
  image: { tag: pluginVersion },
  databaseImage: { tag: pluginVersion },
  template: templateName('woocommerce', pluginVersion, 'en_US'),
} as const;
export const wooValues = { ...storeValues, engine: 'woocommerce', woocommerce } as const;

export const engines = ['woocommerce', 'medusa'] as const;
export const routes = ['template', 'scratch'] as const;
export const modes = ['ingress', 'gateway', 'none'] as const;
export const sizes = ['S', 'M', 'L'] as const;
export type Engine = (typeof engines)[number];
export type Route = (typeof routes)[number];
type Mode = (typeof modes)[number];
type Size = (typeof sizes)[number];

/** What the worker gives for an engine, with more or other values on top. */
export function valuesFor(engine: Engine, more: Values = {}): Values {
  return { ...(engine === 'woocommerce' ? wooValues : storeValues), ...more };
}

/** The values that have a setup Job. */
export function scratchFor(engine: Engine, more: Values = {}): Values {
  const setup = { route: 'scratch', ...(more['setup'] as Values | undefined) };
  return valuesFor(engine, { ...more, setup });
}

export interface Variant {
  readonly engine: Engine;
  readonly route: Route;
  readonly mode: Mode;
  readonly size: Size;
}

/** Every engine by route and mode, and every size once: the figures of a size follow neither. */
export const variants: readonly Variant[] = engines.flatMap((engine) => [
  ...routes.flatMap((route) => modes.map((mode) => ({ engine, route, mode, size: 'S' }) as const)),
  ...(['M', 'L'] as const).map((size) => ({ engine, route: 'scratch', mode: 'ingress', size }) as const),
]);

/** Components with pods, by engine and route. */
export function componentsOf(engine: Engine, route: Route): readonly string[] {
  const serving = engine === 'woocommerce' ? ['web'] : ['server', 'storefront'];
  return [...serving, 'database', 'test', ...(route === 'scratch' ? ['setup'] : [])];
}

/** Values of one variant, with the Gateway that mode needs. */
export function toValues({ engine, route, mode, size }: Variant): Values {
  const gateway = mode === 'gateway' ? { name: 'shops', namespace: 'edge', section: 'https' } : {};
  return valuesFor(engine, { size, setup: { route }, exposure: { mode, gateway } });
}

/** Renders the chart as the worker would, in the namespace it would. */
export async function renderStore(values: Values): Promise<KubeObject[]> {
  return render({ chart: storeChart, values, namespace: 'store-k7m2q0l1', apiVersions: [gatewayApi] });
}

/** Renders a variant. */
export async function renderVariant(variant: Variant): Promise<KubeObject[]> {
  return renderStore(toValues(variant));
}
