/** Runs one task per key at a time; whoever asks meanwhile gets the same result. Keeps nothing afterwards. */
export interface SingleFlight<T> {
  run(key: string, task: () => Promise<T>): Promise<T>;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, task) {
      const known = running.get(key);
      if (known !== undefined) return known;
      const started = task().finally(() => running.delete(key));
      running.set(key, started);
      return started;
    },
  };
}
