/**
 * The engines Urumi knows. An engine is a descriptor here, a template folder and schema entry in the chart, images and a
 * scenario. Availability of an engine on an installation is configuration, not part of the descriptor.
 */
import { z } from 'zod';
import type { PlanId } from '../plans.ts';
import type { ComponentName } from '../verdict.ts';
import { medusa } from './medusa.ts';
import { woocommerce } from './woocommerce.ts';

export const engineIds = ['woocommerce', 'medusa'] as const;
export const engineSchema = z.enum(engineIds);
export type EngineId = z.infer<typeof engineSchema>;

/** What serves a shop, beside the database that every engine has. */
export type WorkloadName = Extract<ComponentName, 'server' | 'storefront' | 'web'>;

/** Memory requests of one store (MiB, without the passing setup Job) and its volumes (GiB). */
export interface PlanFootprint {
  readonly memoryMiB: number;
  readonly storageGiB: number;
}

export interface EngineDescriptor {
  readonly id: EngineId;
  readonly title: string;
  readonly description: string;
  /** Application version that the images of this release carry; `null` where it is that of an archive an operator gives. */
  readonly version: string | null;
  /** Path below the shop's address where its owner signs in. */
  readonly adminPath: string;
  /** The workloads of a store, each before those that need it. */
  readonly workloads: readonly WorkloadName[];
  /** The probe asks this path and expects {@link probeMarker} in the body. */
  readonly probePath: string;
  /** Builds the text that only this store's own page holds. */
  readonly probeMarker: (storeId: string) => string;
  /** Text that shows that at least one product is on the page. */
  readonly productMarker: string;
  readonly footprint: Readonly<Record<PlanId, PlanFootprint>>;
}

export const engines: Readonly<Record<EngineId, EngineDescriptor>> = { woocommerce, medusa };
