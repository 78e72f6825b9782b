/** Starts a service again when it ends by itself, with growing pauses, and says so. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';

const pauseMinMs = 500;
const pauseMaxMs = 30_000;
/** A service that ran this long had a fresh problem: the pause starts small again. */
const healthyAfterMs = 60_000;

export interface KeptService {
  readonly name: string;
  /** The process that runs now; another one after a crash. */
  pid(): number | null;
  stop(): Promise<void>;
}

export async function keepRunning(
  name: string,
  start: () => Promise<Child>,
  say: (line: string) => void,
): Promise<KeptService> {
  const stopping = new AbortController();
  let current: Child | null = await start();

  const watch = async (): Promise<void> => {
    let pauseMs = pauseMinMs;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const end = current === null ? 'it could not be started' : await current.ended;
      if (stopping.signal.aborted) return;
      pauseMs = performance.now() - began > healthyAfterMs ? pauseMinMs : Math.min(pauseMs * 2, pauseMaxMs);
      say(`${end}\n${name} starts again in ${(pauseMs / 1000).toFixed(1)} s`);
      current = null;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      current = await start().catch((error: unknown) => {
        say(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      });
      // A stop that came while the process was starting has not seen it.
      if (stopping.signal.aborted) await current?.stop();
    }
  };
  const watched = watch();
  return {
    name,
    pid: () => (current?.isRunning() ? current.pid : null),
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await watched;
    },
  };
}
