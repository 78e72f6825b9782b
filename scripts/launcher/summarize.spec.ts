import { expect, it } from 'vitest';
import { summarize } from './summarize.ts';

it('keeps a short message as it is', () => {
  expect(summarize(new Error('one\ntwo'))).toBe('one\ntwo');
});

it('keeps the first line and the end of a long one, with bounded lines', () => {
  const lines = Array.from({ length: 100 }, (_, n) => `line ${n} ${'x'.repeat(500)}`);
  const summary = summarize(new Error(lines.join('\n'))).split('\n');
  expect(summary).toHaveLength(13);
  expect(summary[0]).toMatch(/^line 0 /);
  expect(summary.at(-1)).toMatch(/^line 99 /);
  expect(Math.max(...summary.map((line) => line.length))).toBe(240);
});
