import { describe, expect, it } from 'vitest';

import { parseBenchOptions } from './arguments.ts';

describe('parseBenchOptions', () => {
  it('takes five rounds on a quiet machine unless told otherwise', () => {
    expect(parseBenchOptions([])).toMatchObject({ rounds: 5, busy: false, only: null });
    const told = parseBenchOptions(['--rounds', '2', '--busy', '--engine', 'medusa', '--out', '/x']);
    expect(told).toEqual({ rounds: 2, busy: true, only: 'medusa', resultsFolder: '/x' });
  });

  it.each([
    ['--rounds', '0', '--rounds takes a whole number'],
    ['--rounds', 'many', '--rounds takes a whole number'],
    ['--engine', 'shopware', '--engine takes medusa or woocommerce'],
    ['--other', 'x', "Unknown option '--other'"],
  ])('refuses %s %s', (name, value, sentence) => {
    expect(() => parseBenchOptions([name, value])).toThrow(sentence);
  });
});
