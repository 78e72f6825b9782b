import { describe, expect, it } from 'vitest';
import { tellNoMatch } from './list-states.tsx';
import { parseStoreSearch, toFilter } from './store-search.ts';

describe('filters in the address', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parseStoreSearch({ q: 'cofee', status: 'failed,nonsense', engine: 'medusa', other: 1 })).toEqual({
      q: 'cofee',
      status: 'failed',
      engine: 'medusa',
    });
    expect(parseStoreSearch({ q: '', status: 'nonsense', engine: 'magento' })).toEqual({});
  });
  it('takes a number as the text that was meant', () => expect(parseStoreSearch({ q: 12 })).toEqual({ q: '12' }));
  it('asks the api for trimmed text and a list of statuses', () => {
    expect(toFilter({ q: ' tea ', status: 'degraded,failed' })).toEqual({
      q: 'tea',
      status: ['degraded', 'failed'],
      engine: undefined,
    });
  });
  it('names every filter when nothing matches', () => {
    expect(tellNoMatch({ q: 'cofee', status: 'degraded,failed', engine: 'medusa' })).toBe(
      'No store matches “cofee”, status Degraded or Failed, engine Medusa',
    );
  });
});
