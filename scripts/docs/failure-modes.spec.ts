import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorKinds } from '@urumi/shared/domain/errors';
import { reasons } from '@urumi/shared/domain/verdict';
import { expect, it } from 'vitest';
import { projectFolder } from '../launcher/places.ts';

it('docs/failure-modes.md has exactly one entry per error code and reason', async () => {
  const text = await readFile(join(projectFolder, 'docs', 'failure-modes.md'), 'utf8');
  const entries = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => String(match[1]));
  expect(entries.sort()).toEqual([...Object.keys(errorKinds), ...reasons].sort());
});
