/** Whose turn it is: every round lets all contestants run once, and over the rounds each stands at every place. */

/** Rotated by one each round, and backwards in every other turn around, so that nobody always follows the same one. */
export function orderOf<T>(contestants: readonly T[], round: number): T[] {
  const count = contestants.length;
  if (count === 0) return [];
  const shift = round % count;
  const rotated = [...contestants.slice(shift), ...contestants.slice(0, shift)];
  const isBackwards = Math.floor(round / count) % 2 === 1;
  return isBackwards ? rotated.reverse() : rotated;
}
