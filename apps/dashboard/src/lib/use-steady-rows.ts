/** The state behind {@link mergeSteadily}: what is on screen for one filter, and the button that catches up. */
import { useState } from 'react';
import { isOwnCreation } from './own-creations.ts';
import { mergeSteadily, takeAll, type Identified, type SteadyRow, type SteadyRows } from './steady-rows.ts';

interface Shown<T> {
  readonly view: string;
  readonly from: readonly T[] | null;
  readonly result: SteadyRows<T>;
}

/**
 * @param view      names the filter; another one starts anew
 * @param incoming  the newest answer for that filter, `null` before the first
 */
export function useSteadyRows<T extends Identified>(
  view: string,
  incoming: readonly T[] | null,
): SteadyRows<T> & { readonly catchUp: () => void } {
  const [shown, setShown] = useState<Shown<T>>(() => begin(view, incoming));
  let current = shown;
  if (shown.view !== view) current = begin(view, incoming);
  else if (incoming !== null && shown.from !== incoming)
    current = { view, from: incoming, result: merge(shown, incoming) };
  // Derived while rendering, so that no frame shows the list in another order.
  if (current !== shown) setShown(current);

  return { ...current.result, catchUp: () => setShown(begin(view, incoming)) };
}

function begin<T extends Identified>(view: string, incoming: readonly T[] | null): Shown<T> {
  return { view, from: incoming, result: takeAll(incoming ?? []) };
}

function merge<T extends Identified>(shown: Shown<T>, incoming: readonly T[]): SteadyRows<T> {
  const rows: readonly SteadyRow<T>[] | null = shown.from === null ? null : shown.result.rows;
  return mergeSteadily(rows, incoming, (item) => isOwnCreation(item.id));
}
