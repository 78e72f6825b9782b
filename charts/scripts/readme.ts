/**
 * Writes the table of values into each chart's README, from the comments of its values.yaml.
 *
 *   node scripts/readme.ts           writes what changed
 *   node scripts/readme.ts --check   writes nothing, ends with 1 where a README is behind
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceTable, toTable } from './values-table.ts';

const charts = ['ecommerce-store', 'platform'];
const isCheck = process.argv.includes('--check');

for (const chart of charts) {
  const readme = fileURLToPath(new URL(`../${chart}/README.md`, import.meta.url));
  const values = fileURLToPath(new URL(`../${chart}/values.yaml`, import.meta.url));
  const before = readFileSync(readme, 'utf8');
  const after = replaceTable(before, toTable(readFileSync(values, 'utf8')));
  if (before === after) continue;
  if (isCheck) {
    console.error(`charts/${chart}/README.md is behind its values.yaml: run \`pnpm --filter @urumi/charts readme\``);
    process.exitCode = 1;
  } else {
    writeFileSync(readme, after);
    console.log(`charts/${chart}/README.md written`);
  }
}
