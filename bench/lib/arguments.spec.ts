import { describe, expect, it } from 'vitest';

import { parseBenchOptions, parseScaleOptions } from './arguments.ts';

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

describe('parseScaleOptions', () => {
  it('takes 200 stores in one round unless told otherwise', () => {
    expect(parseScaleOptions([])).toMatchObject({ stores: 200, rounds: 1, busy: false });
    expect(parseScaleOptions(['--stores', '30', '--rounds', '3'])).toMatchObject({ stores: 30, rounds: 3 });
  });

  it('refuses a curve without a store for each point', () => {
    expect(() => parseScaleOptions(['--stores', '2'])).toThrow('--stores takes a whole number of at least 3');
  });
});
