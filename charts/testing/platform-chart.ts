/** The platform chart as its tests see it. */
import { fileURLToPath } from 'node:url';
import { render, type Values } from './helm.ts';
import type { KubeObject } from './objects.ts';

export const platformChart = fileURLToPath(new URL('../platform', import.meta.url));

/** Renders with one of the chart's values files below the values. */
export async function renderPlatform(
  file: string,
  values: Values = {},
  apiVersions: readonly string[] = [],
): Promise<KubeObject[]> {
  return render({
    chart: platformChart,
    files: [`${platformChart}/${file}`],
    values,
    release: 'urumi',
    namespace: 'urumi-system',
    apiVersions,
  });
}
