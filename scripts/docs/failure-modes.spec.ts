import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adviseOnCode, adviseOnReason, type Advice } from '@urumi/shared/domain/advice';
import { errorKinds, type ErrorCode } from '@urumi/shared/domain/errors';
import { reasons } from '@urumi/shared/domain/verdict';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../launcher/places.ts';

const text = await readFile(join(projectFolder, 'docs', 'failure-modes.md'), 'utf8');
const rows = [...text.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name = '', cells = '']) => ({
  name,
  cells: cells.split(' | '),
}));
const codes = Object.keys(errorKinds) as ErrorCode[];
const advised: readonly (readonly [string, Advice])[] = [
  ...codes.map((code) => [code, adviseOnCode(code)] as const),
  ...reasons.map((reason) => [reason, adviseOnReason(reason)] as const),
];

describe('docs/failure-modes.md', () => {
  it('has exactly one entry per error code and reason', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...codes, ...reasons].sort());
  });

  it.each(advised)('tells meaning, act, place and the advice of the table for %s', (name, { advice, retryHelps }) => {
    const cells = rows.find((row) => row.name === name)?.cells ?? [];
    expect(cells).toHaveLength(5);
    for (const cell of cells) expect(cell.trim()).not.toBe('');
    expect(cells.slice(3)).toEqual([advice, retryHelps ? 'yes' : 'no']);
  });
});
