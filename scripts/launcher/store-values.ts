/** The chart values that every shop of this installation gets: the chart's local values with this cluster's own port. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectFolder, type Places } from './places.ts';
import { writePrivateFile } from './private-file.ts';

export async function writeStoreValues(places: Places, ingressPort: number): Promise<void> {
  const file = join(projectFolder, 'charts', 'ecommerce-store', 'values-local.yaml');
  const local: Record<string, unknown> = parse(await readFile(file, 'utf8'));
  const exposure = { ...(local['exposure'] as Record<string, unknown>), port: ingressPort };
  await writePrivateFile(places.storeValues, `${JSON.stringify({ ...local, exposure }, null, 2)}\n`);
}
