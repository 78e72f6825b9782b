/** Runs contestants in rounds and keeps what each of them did, failures included. */
import { orderOf } from './order.ts';
import { summarize, type Summary } from './statistics.ts';

/** Milliseconds from the start of the run to each phase's end; `total` is what is compared. */
export type Phases = Readonly<Record<string, number>> & { readonly total: number };

export interface Contestant {
  readonly name: string;
  /** One run from nothing to the end, and away with it again. @throws Error where it fails: the round is void */
  run(round: number): Promise<Phases>;
}

export interface Entry {
  readonly round: number;
  /** Place within the round. */
  readonly place: number;
  readonly contestant: string;
  readonly phases: Phases | null;
  /** Why the entry does not count. */
  readonly fault: string | null;
}

export async function runRounds(input: {
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly onEntry: (entry: Entry) => void;
}): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let round = 0; round < input.rounds; round += 1) {
    for (const [place, contestant] of orderOf(input.contestants, round).entries()) {
      const base = { round, place, contestant: contestant.name };
      const entry = await contestant.run(round).then(
        (phases): Entry => ({ ...base, phases, fault: null }),
        (error: unknown): Entry => ({ ...base, phases: null, fault: String(error) }),
      );
      entries.push(entry);
      input.onEntry(entry);
    }
  }
  return entries;
}

/** Each phase of one contestant over its rounds that count, in the order in which the phases end. */
export function summarizePhases(entries: readonly Entry[], contestant: string): Map<string, Summary> {
  const counted = entries.flatMap((entry) =>
    entry.contestant === contestant && entry.phases !== null ? [entry.phases] : [],
  );
  const names = new Set(counted.flatMap((phases) => Object.keys(phases)));
  const summaries = [...names].flatMap((name): [string, Summary][] => {
    const summary = summarize(counted.flatMap((phases) => phases[name] ?? []));
    return summary === null ? [] : [[name, summary]];
  });
  const rank = ([name, { median }]: [string, Summary]) => (name === 'total' ? Infinity : median);
  return new Map(summaries.toSorted((a, b) => rank(a) - rank(b)));
}
