import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { projectFolder } from '../launcher/places.ts';
import { faultRows } from './fault-rows.ts';
import { findFaultTests } from './fault-tests.ts';
import { buildFaults, faultsFile, findGaps } from './faults.ts';

const tests = await findFaultTests(projectFolder);

it('docs/faults.md names the tests there are (node scripts/docs/faults.ts)', async () => {
  expect(await readFile(faultsFile, 'utf8')).toBe(buildFaults(tests));
});

it('every fault is tested at every level of its row', () => {
  expect(findGaps(tests)).toEqual([]);
});

it('no test claims a fault that is in no row', () => {
  const known = new Set(faultRows.map(({ id }) => id));
  expect(tests.filter(({ row }) => !known.has(row))).toEqual([]);
});
