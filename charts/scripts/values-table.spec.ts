/** The table of values follows values.yaml, and nobody can forget to write it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { replaceSection } from './marked-section.ts';
import { toTable } from './values-table.ts';

const values = `# About the file.

# First. Allowed: a | b.
first: a
group:
  # Below, on
  # two lines.
  below: 3
  list: # not this
    - 1
`;

test('a row per value, with its default and the comment above it', () => {
  expect(toTable(values.replace('  list', '  # A list.\n  list'))).toBe(
    [
      '| value | default | meaning |',
      '|---|---|---|',
      '| `first` | `a` | First. Allowed: a \\| b. |',
      '| `group.below` | `3` | Below, on two lines. |',
      '| `group.list` | `[ 1 ]` | A list. |',
    ].join('\n'),
  );
});

test('a value without a comment is refused by name', () => {
  expect(() => toTable(values)).toThrow('group.list has no comment');
});

test('a README without the marks is refused', () => {
  expect(() => replaceSection('# Chart', 'values', 'table')).toThrow('lacks the marks');
});

test('every README has the table of its values', async () => {
  const script = fileURLToPath(new URL('./readme.ts', import.meta.url));
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' });
});
