/** The rows of the list. Arrows move from store to store; the whole row opens it. */
import type { KeyboardEvent } from 'react';
import { useTruth } from '../../api/use-truth.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { useNow } from '../../lib/use-now.ts';
import type { SteadyRow } from '../../lib/steady-rows.ts';
import { StoreRow, rowGrid } from './store-row.tsx';

/** Ages in rows move this often; the trust in them is told at once. */
const rowStepMs = 10_000;

export function StoreList({ rows }: { readonly rows: readonly SteadyRow<StoreView>[] }) {
  const now = useNow(rowStepMs);
  const { knownAt } = useTruth(1_000);
  return (
    <div role="table" aria-label="Stores" onKeyDown={moveByArrows}>
      <div role="rowgroup" className="max-md:sr-only">
        <div role="row" className={`${rowGrid} border-b border-line bg-sunken/50 py-2 text-sm text-muted`}>
          <span role="columnheader">Store</span>
          <span role="columnheader">Status</span>
          <span role="columnheader">Engine</span>
          <span role="columnheader">Age</span>
          <span role="columnheader">
            <span className="sr-only">Actions</span>
          </span>
        </div>
      </div>
      <div role="rowgroup">
        {rows.map((row) => (
          <StoreRow key={row.item.id} store={row.item} left={row.left} knownAt={knownAt} now={now} />
        ))}
      </div>
    </div>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (!(event.target instanceof HTMLElement) || !event.target.matches('.row-link')) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')];
  const next = links[links.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
