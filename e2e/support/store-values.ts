/** The values that every new store gets, changed for a while. */
import { writePrivateFile } from '@urumi/scripts/launcher/private-file';
import { readFile } from 'node:fs/promises';
import type { TestPlatform } from './platform.ts';

export type Values = Readonly<Record<string, unknown>>;

/**
 * Puts `change` over the values; the worker reads them anew for each release.
 * @returns puts back what was there before
 */
export async function changeStoreValues(
  { places }: Pick<TestPlatform, 'places'>,
  change: (values: Values) => Values,
): Promise<() => Promise<void>> {
  const before = await readFile(places.storeValues, 'utf8');
  const after = change(JSON.parse(before) as Values);
  await writePrivateFile(places.storeValues, JSON.stringify(after));
  return () => writePrivateFile(places.storeValues, before);
}

/** Set-up from the template where one fits, or always by the Job. */
export function changeSetupRoute(t: Pick<TestPlatform, 'places'>, route: 'auto' | 'scratch') {
  return changeStoreValues(t, (values) => ({ ...values, setup: { route } }));
}
