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
const resultsUsual = join(import.meta.dirname, '..', 'results');

export interface ScaleOptions extends Omit<BenchOptions, 'only'> {
  /** Of each contestant in a round, over all points of the curve. */
  readonly stores: number;
}

const storesLeast = 3;
const storesUsual = 200;

/** @throws Error with a sentence for people */
export function parseScaleOptions(argv: readonly string[]): ScaleOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stores: { type: 'string', default: String(storesUsual) },
      rounds: { type: 'string', default: String(roundsLeast) },
      busy: { type: 'boolean', default: false },
      out: { type: 'string', default: resultsUsual },
    },
  });
  return {
    stores: parseCount('--stores', values.stores, storesLeast),
    rounds: parseCount('--rounds', values.rounds, roundsLeast),
    busy: values.busy,
    resultsFolder: values.out,
  };
}

function parseCount(option: string, text: string, least: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`${option} takes a whole number of at least ${least}, not ${JSON.stringify(text)}`);
}

/** @throws Error with a sentence for people */
export function parseBenchOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: String(roundsUsual) },
      busy: { type: 'boolean', default: false },
      engine: { type: 'string' },
      out: { type: 'string', default: resultsUsual },
    },
  });
  const rounds = parseCount('--rounds', values.rounds, roundsLeast);
  const { engine } = values;
  if (engine !== undefined && engine !== 'medusa' && engine !== 'woocommerce') {
    throw new Error(`--engine takes medusa or woocommerce, not ${JSON.stringify(engine)}`);
  }
  return { rounds, busy: values.busy, only: engine ?? null, resultsFolder: values.out };
}
