/** Progress for a person: one line per step with its time, and for a long step how far it is now and then. */
import type { BuildProgress } from '../binaries/build.ts';
import type { Progress } from '../supervise/progress.ts';

const LONG_STEP_MS = 15_000;

/** Returns a listener that writes lines with `write`; `now` is a clock in milliseconds. */
export function progressLines(write: (line: string) => void, now: () => number): (progress: Progress) => void {
  const steps = new Map<string, { startedAt: number; saidAt: number; isDone: boolean }>();
  return (progress) => {
    const step = steps.get(progress.step) ?? { startedAt: now(), saidAt: now(), isDone: false };
    steps.set(progress.step, step);
    if (step.isDone) return;
    if (progress.done >= progress.total) {
      step.isDone = true;
      write(`${progress.label}: done in ${((now() - step.startedAt) / 1000).toFixed(1)} s`);
      return;
    }
    if (now() - step.saidAt < LONG_STEP_MS) return;
    step.saidAt = now();
    const part = Math.floor((100 * progress.done) / progress.total);
    write(`${progress.label}: ${part} %, the whole ${progress.percent} %${timeLeft(progress.secondsLeft)}`);
  };
}

export function buildLines(write: (line: string) => void, now: () => number): (progress: BuildProgress) => void {
  const lines = progressLines(write, now);
  return ({ group, done, total }) =>
    lines({
      step: group,
      label: `Build ${group}`,
      done,
      total,
      percent: Math.floor((100 * done) / total),
      secondsLeft: null,
    });
}

function timeLeft(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds < 90 ? `, about ${seconds} s left` : `, about ${Math.ceil(seconds / 60)} min left`;
}
