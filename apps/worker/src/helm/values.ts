/**
 * The values a store is installed with: what the installation passes to every shop, and what is this store's own. Pure. No
 * value is a secret; the chart makes those in the cluster.
 */
import { z } from 'zod';
import { DomainError } from '@urumi/shared/domain/errors';
import type { StoreRecord } from '@urumi/shared/domain/store';

const section = z.record(z.string(), z.unknown());

/** What an installation may pass to every shop. The chart's schema knows the rest; a store's own keys are refused here. */
const installationValuesSchema = z.strictObject({
  exposure: section.optional(),
  network: section.optional(),
  storage: section.optional(),
  images: section.optional(),
  scheduling: section.optional(),
  setup: section.optional(),
  resources: section.optional(),
  shop: section.optional(),
  woocommerce: section.optional(),
  medusa: section.optional(),
});
export type InstallationValues = z.infer<typeof installationValuesSchema>;
export type StoreValues = Readonly<Record<string, unknown>>;

/** @throws ZodError that names the keys which are a store's own or unknown */
export function parseInstallationValues(value: unknown): InstallationValues {
  return installationValuesSchema.parse(value ?? {});
}

/** The values of a store for its newest wish. */
export function buildStoreValues(installation: InstallationValues, { identity, desired }: StoreRecord): StoreValues {
  if (desired.intent === 'absent')
    throw new DomainError('invariant.broken', {}, { message: 'an absent store has no values' });
  return {
    ...installation,
    engine: identity.engine,
    host: desired.host,
    size: desired.plan,
    shop: { ...installation.shop, name: identity.name },
    urumi: { storeId: identity.id, generation: desired.generation, setupRun: desired.setupRun },
  };
}
