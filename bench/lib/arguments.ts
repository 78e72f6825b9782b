/** Command line that the benchmarks share. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly rounds: number;
  /** Measures on a machine that is in use, too; the figures are labelled. */
  readonly busy: boolean;
  readonly only: string | null;
  readonly resultsFolder: string;
}

const roundsLeast = 1;
const roundsUsual = 5;

/** @throws Error with a sentence for people */
export function parseBenchOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: String(roundsUsual) },
      busy: { type: 'boolean', default: false },
      engine: { type: 'string' },
      out: { type: 'string', default: join(import.meta.dirname, '..', 'results') },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < roundsLeast) {
    throw new Error(`--rounds takes a whole number of at least ${roundsLeast}, not ${JSON.stringify(values.rounds)}`);
  }
  const { engine } = values;
  if (engine !== undefined && engine !== 'medusa' && engine !== 'woocommerce') {
    throw new Error(`--engine takes medusa or woocommerce, not ${JSON.stringify(engine)}`);
  }
  return { rounds, busy: values.busy, only: engine ?? null, resultsFolder: values.out };
}
