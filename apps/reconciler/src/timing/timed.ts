/** Runs a task again and again, each time so long after the last one ended. A failed run is reported and tried again. */
export interface TimedOptions {
  /** Asked after each run, so that the pace can follow what the process is doing. */
  readonly everyMs: () => number;
  readonly signal: AbortSignal;
  readonly run: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** @returns a promise that resolves once the signal has aborted and the last run has ended */
export async function runTimed({ everyMs, signal, run, onError }: TimedOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await run();
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    await pause(everyMs(), signal);
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
