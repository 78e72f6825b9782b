import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { buildTransitions, transitionsFile } from './status-transitions.ts';

it('docs/status-transitions.md is what the reducer does (node scripts/docs/status-transitions.ts)', async () => {
  expect(await readFile(transitionsFile, 'utf8')).toBe(buildTransitions());
});
