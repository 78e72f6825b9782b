/**
 * Writes the tables of values and sizes into each chart's README, from its values.yaml and files/sizes.yaml.
 *
 *   node scripts/readme.ts           writes what changed
 *   node scripts/readme.ts --check   writes nothing, ends with 1 where a README is behind
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceSection } from './marked-section.ts';
import { toSizesTable } from './sizes-table.ts';
import { toTable } from './values-table.ts';

const charts = ['ecommerce-store', 'platform'];
const isCheck = process.argv.includes('--check');

for (const chart of charts) {
  const readme = fileURLToPath(new URL(`../${chart}/README.md`, import.meta.url));
  const values = fileURLToPath(new URL(`../${chart}/values.yaml`, import.meta.url));
  const sizes = fileURLToPath(new URL(`../${chart}/files/sizes.yaml`, import.meta.url));
  const before = readFileSync(readme, 'utf8');
  const withValues = replaceSection(before, 'values', toTable(readFileSync(values, 'utf8')));
  const after = existsSync(sizes)
    ? replaceSection(withValues, 'sizes', toSizesTable(readFileSync(sizes, 'utf8')))
    : withValues;
  if (before === after) continue;
  if (isCheck) {
    console.error(
      `charts/${chart}/README.md is behind its values.yaml or files/sizes.yaml: run \`pnpm --filter @urumi/charts readme\``,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(readme, after);
    console.log(`charts/${chart}/README.md written`);
  }
}
