import { describe, expect, it } from 'vitest';
import { formatCount, formatMemory, formatOrdinal } from './format-size.ts';
import {
  formatAge,
  formatClockExact,
  formatDayHeading,
  formatDuration,
  formatMoment,
  formatTimeLeft,
} from './format-time.ts';

const now = Date.UTC(2026, 10, 23, 14, 2, 41);

describe('durations', () => {
  it.each([
    [200, 'under 1 s'],
    [41_000, '41 s'],
    [59_600, '1 min'],
    [72_000, '1 min 12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('ages', () => {
  it.each([
    [0, '0 s'],
    [12_000, '12 s'],
    [59_999, '59 s'],
    [240_000, '4 min'],
    [3 * 3_600_000, '3 h'],
    [86_400_000, '1 day'],
    [12 * 86_400_000, '12 days'],
  ])('%i ms is %s', (ms, text) => expect(formatAge(now - ms, now)).toBe(text));

  it('a time that lies ahead, by a clock that differs, is now', () => expect(formatAge(now + 5_000, now)).toBe('0 s'));
});

describe('moments', () => {
  it('shows the time alone on the same day', () => expect(formatMoment(now - 60_000, now)).toBe('14:01'));
  it('shows seconds where steps are compared', () => expect(formatClockExact(now)).toBe('14:02:41'));
  it('names the day of another one', () => expect(formatMoment(now - 20 * 86_400_000, now)).toBe('3 Nov, 14:02'));
  it.each([
    [0, 'Today'],
    [86_400_000, 'Yesterday'],
    [5 * 86_400_000, 'Wednesday 18 November'],
  ])('%i ms ago is under %s', (ms, text) => expect(formatDayHeading(now - ms, now)).toBe(text));
});

it('an estimate is rounded up, so that it does not end before the work', () => {
  expect(formatTimeLeft(30)).toBe('under a minute left');
  expect(formatTimeLeft(61)).toBe('about 2 min left');
});

describe('sizes and counts', () => {
  it.each([
    [640, '640 MB'],
    [1024, '1 GB'],
    [1888, '1.8 GB'],
  ])('%i MiB is %s', (mebibytes, text) => expect(formatMemory(mebibytes)).toBe(text));
  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [22, '22nd'],
  ])('%i is %s', (position, text) => expect(formatOrdinal(position)).toBe(text));
  it('one is singular', () =>
    expect([formatCount(1, 'store'), formatCount(0, 'store')]).toEqual(['1 store', '0 stores']));
});
