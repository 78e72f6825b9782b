import { describe, expect, it } from 'vitest';
import { mergeSteadily, takeAll, type SteadyRow } from './steady-rows.ts';

const never = () => false;
const items = (...ids: string[]) => ids.map((id) => ({ id, version: 2 }));
const rows = (...ids: string[]): SteadyRow<{ id: string; version: number }>[] =>
  ids.map((id) => ({ item: { id, version: 1 }, left: false }));
const ids = (result: ReturnType<typeof mergeSteadily<{ id: string; version: number }>>) =>
  result.rows.map((row) => row.item.id);

describe('a list under the hand', () => {
  it('updates rows in place, whatever order the answer has', () => {
    const result = mergeSteadily(rows('a', 'b', 'c'), items('c', 'a', 'b'), never);
    expect(ids(result)).toEqual(['a', 'b', 'c']);
    expect(result.rows.every((row) => row.item.version === 2 && !row.left)).toBe(true);
  });

  it('keeps new rows back until they are asked for', () => {
    const result = mergeSteadily(rows('a', 'b'), items('x', 'y', 'a', 'b'), never);
    expect(ids(result)).toEqual(['a', 'b']);
    expect(result.waiting).toEqual(['x', 'y']);
  });

  it('shows the store that was just created here at once', () => {
    const result = mergeSteadily(rows('a'), items('own', 'x', 'a'), (item) => item.id === 'own');
    expect(ids(result)).toEqual(['own', 'a']);
    expect(result.waiting).toEqual(['x']);
  });

  it('keeps a row that left, marked, with what was last known', () => {
    const result = mergeSteadily(rows('a', 'b'), items('a'), never);
    expect(result.rows[1]).toEqual({ item: { id: 'b', version: 1 }, left: true });
  });

  it('a row that comes back is no longer marked', () => {
    const left = mergeSteadily(rows('a', 'b'), items('a'), never);
    expect(mergeSteadily(left.rows, items('a', 'b'), never).rows[1]).toMatchObject({ left: false });
  });

  it('appends a further page', () => {
    expect(ids(mergeSteadily(rows('a', 'b'), items('a', 'b', 'c', 'd'), never))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('fills an empty screen at once', () => {
    expect(ids(mergeSteadily([], items('a'), never))).toEqual(['a']);
    expect(takeAll(items('a', 'b')).rows).toHaveLength(2);
  });
});
