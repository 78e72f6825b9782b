/**
 * How far a start is: steps with a weight in seconds, each some part done. Pure but for the clock it is given.
 */
export interface Progress {
  step: string;
  label: string;
  /** Of this step; equal when it has ended. */
  done: number;
  total: number;
  /** Of the whole start, 0 to 100. */
  percent: number;
  /** Until the last step has ended; null while nothing is known. */
  secondsLeft: number | null;
}

export interface Step {
  id: string;
  label: string;
  /** How long it takes on two cores. */
  seconds: number;
}

/** Below this much finished work the measured pace says little. */
const PACE_KNOWN_SECONDS = 20;

export class ProgressBoard {
  private readonly steps: readonly Step[];
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly report: (progress: Progress) => void;
  private readonly fractions = new Map<string, number>();

  constructor(input: { steps: readonly Step[]; now: () => number; report: (progress: Progress) => void }) {
    this.steps = input.steps;
    this.now = input.now;
    this.startedAt = input.now();
    this.report = input.report;
  }

  /** Records that `done` of `total` of a step is finished. */
  update(id: string, done: number, total: number): void {
    const step = this.steps.find((candidate) => candidate.id === id);
    if (step === undefined) return;
    this.fractions.set(id, total === 0 ? 1 : Math.min(1, done / total));
    const elapsedSeconds = (this.now() - this.startedAt) / 1000;
    const estimate = estimateRest(this.steps, this.fractions, elapsedSeconds);
    this.report({ step: id, label: step.label, done, total, ...estimate });
  }

  /** Runs one step from 0 of 1 to 1 of 1. */
  async run<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.update(id, 0, 1);
    const result = await work();
    this.update(id, 1, 1);
    return result;
  }
}

export function estimateRest(
  steps: readonly Step[],
  fractions: ReadonlyMap<string, number>,
  elapsedSeconds: number,
): { percent: number; secondsLeft: number } {
  const total = steps.reduce((sum, step) => sum + step.seconds, 0);
  const done = steps.reduce((sum, step) => sum + step.seconds * (fractions.get(step.id) ?? 0), 0);
  const pace = done >= PACE_KNOWN_SECONDS ? elapsedSeconds / done : 1;
  return {
    percent: total === 0 ? 100 : Math.floor((100 * done) / total),
    secondsLeft: Math.ceil((total - done) * pace),
  };
}
