/** How far the start of a cluster is, for whoever waits for it. */
import type { ClusterProgress } from '@urumi/shared/server/store/repository';
import { sumProgress, type Part } from './progress.ts';
import { summarize } from './summarize.ts';

/** Collects the parts' progress, writes their sum where it is read, and says each new step once. */
export class ProgressBoard {
  readonly #parts = new Map<string, Part>(
    ['cluster', 'images', 'load'].map((name) => [
      name,
      { label: 'Preparing this machine', fraction: 0, secondsLeft: null },
    ]),
  );
  readonly #write: (progress: ClusterProgress) => Promise<void>;
  readonly #say: (line: string) => void;
  #written: Promise<void> = Promise.resolve();
  #saidAt = 0;
  #said = '';

  constructor(write: (progress: ClusterProgress) => Promise<void>, say: (line: string) => void) {
    this.#write = write;
    this.#say = say;
  }

  update(name: string, part: Part): void {
    this.#parts.set(name, part);
    const sum = sumProgress([...this.#parts.values()], Date.now());
    this.#note(sum);
    // The same step again is worth a line only now and then.
    if (part.label === this.#said || (performance.now() - this.#saidAt < 2_000 && part.fraction < 1)) return;
    this.#said = part.label;
    this.#saidAt = performance.now();
    const left = sum.secondsLeft ? `, about ${Math.max(1, Math.ceil(sum.secondsLeft / 60))} min left` : '';
    this.#say(`cluster ${sum.percent} %: ${part.label}${left}`);
  }

  async fail(error: unknown): Promise<void> {
    const label = `The cluster could not be started. ${summarize(error)}`;
    this.#note({ step: 'failed', label, percent: 0, secondsLeft: null, ready: false, at: Date.now() });
    await this.settled();
  }

  settled(): Promise<void> {
    return this.#written;
  }

  /** Progress is a courtesy: a write that fails while everything stops must not hide the real cause. */
  #note(progress: ClusterProgress): void {
    this.#written = this.#written
      .then(() => this.#write(progress))
      .catch((error: unknown) => {
        process.stderr.write(
          `progress could not be written: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      });
  }
}
