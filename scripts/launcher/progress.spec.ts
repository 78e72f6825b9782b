import { describe, expect, it } from 'vitest';
import { sumProgress } from './progress.ts';

describe('progress of parts that run side by side', () => {
  it('shows the part with the most time left and the share of all', () => {
    const sum = sumProgress(
      [
        { label: 'Building', fraction: 0.5, secondsLeft: 300 },
        { label: 'Images', fraction: 0.25, secondsLeft: 60 },
      ],
      7,
    );
    expect(sum).toEqual({ step: 'starting', label: 'Building', percent: 37, secondsLeft: 300, ready: false, at: 7 });
  });

  it('is never ready while a part is open, even one without an estimate', () => {
    const sum = sumProgress(
      [
        { label: 'Building', fraction: 1, secondsLeft: 0 },
        { label: 'Images', fraction: 0.99, secondsLeft: null },
      ],
      7,
    );
    expect(sum).toMatchObject({ label: 'Images', ready: false, secondsLeft: null });
  });

  it('is ready when every part is done', () => {
    expect(sumProgress([{ label: 'x', fraction: 1, secondsLeft: 0 }], 7)).toMatchObject({ percent: 100, ready: true });
  });
});
