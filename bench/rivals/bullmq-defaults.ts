/**
 * The rival of the take-over: a queue of BullMQ with its default lock (30 s) and its default look for stalled jobs (30 s).
 * Two workers; the one that holds the job is killed.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Queue } from 'bullmq';
import type { Phases } from '../lib/rounds.ts';

type Worker = ChildProcessByStdio<null, Readable, null>;

const longestMs = 120_000;

/**
 * @param url  of Redis
 * @param round  names the queue, so that many rounds may run side by side: they only wait
 * @throws Error where nobody takes the job over within two minutes
 */
export async function takeOverByDefaults(url: string, round: number): Promise<Phases> {
  const name = `take-over-${round}`;
  const queue = new Queue(name, { connection: { url } });
  const first = start(url, name);
  let second: Worker | null = null;
  try {
    await line(first, 'ready');
    await queue.add('job', {}, { attempts: 3 });
    await line(first, 'begun');
    second = start(url, name);
    await line(second, 'ready');
    // At any moment of lock and look, as crashes come.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30_000));
    const took = line(second, 'begun');
    const killedAt = performance.now();
    first.kill('SIGKILL');
    await took;
    return { total: performance.now() - killedAt };
  } finally {
    for (const worker of [first, second]) if (worker !== null) await end(worker);
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

function start(url: string, name: string): Worker {
  const file = join(import.meta.dirname, 'bullmq-defaults', 'worker.ts');
  return spawn(process.execPath, [file, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, REDIS_URL: url },
  });
}

async function line(worker: Worker, wanted: string): Promise<void> {
  const signal = AbortSignal.timeout(longestMs);
  const lines = createInterface({ input: worker.stdout, signal });
  for await (const text of lines) if (text === wanted) return;
  throw new Error(`the rival's worker did not say "${wanted}" within ${longestMs / 1000} s`);
}

async function end(worker: Worker): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGKILL');
  await exited;
}
