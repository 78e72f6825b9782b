/**
 * Keeps a list still under the hand: rows are updated in place, new ones wait until asked for, and one that left stays,
 * marked, until the person lets it go. Pure; `use-steady-rows.ts` holds the state.
 */
export interface Identified {
  readonly id: string;
}

export interface SteadyRow<T> {
  readonly item: T;
  /** True when the newest answer no longer has it. `item` is then the last known. */
  readonly left: boolean;
}

export interface SteadyRows<T> {
  readonly rows: readonly SteadyRow<T>[];
  /** Ids that wait behind *Show 3 new*. */
  readonly waiting: readonly string[];
}

/**
 * @param shown     what is on screen; `null` before the first answer
 * @param incoming  the newest answer, newest store first
 * @param admits    rows that need not wait, such as the store this person has just created
 */
export function mergeSteadily<T extends Identified>(
  shown: readonly SteadyRow<T>[] | null,
  incoming: readonly T[],
  admits: (item: T, index: number) => boolean,
): SteadyRows<T> {
  // On an empty screen nothing can be pushed away.
  if (shown === null || shown.length === 0) return takeAll(incoming);
  const fresh = new Map(incoming.map((item) => [item.id, item]));
  const known = new Set(shown.map((row) => row.item.id));
  const rows = shown.map((row) => {
    const item = fresh.get(row.item.id);
    return item === undefined ? { item: row.item, left: true } : { item, left: false };
  });
  // Below the last shown row nothing can be pushed away: a further page of the list just grows it.
  const lastShown = incoming.reduce((last, item, index) => (known.has(item.id) ? index : last), -1);
  const unknown = incoming.map((item, index) => ({ item, index })).filter(({ item }) => !known.has(item.id));
  const atEnd = unknown.filter(({ index }) => lastShown >= 0 && index > lastShown);
  const above = unknown.filter(({ index }) => lastShown < 0 || index < lastShown);
  const admitted = above.filter(({ item, index }) => admits(item, index));
  const waiting = above.filter((entry) => !admitted.includes(entry));
  return {
    rows: [
      ...admitted.map(({ item }) => ({ item, left: false })),
      ...rows,
      ...atEnd.map(({ item }) => ({ item, left: false })),
    ],
    waiting: waiting.map(({ item }) => item.id),
  };
}

/** The newest answer as it is. */
export function takeAll<T>(incoming: readonly T[]): SteadyRows<T> {
  return { rows: incoming.map((item) => ({ item, left: false })), waiting: [] };
}
