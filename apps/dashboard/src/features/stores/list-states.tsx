/** What the list shows when it has no rows: the first load, a failed load, nothing yet, nothing found. */
import { Link } from '@tanstack/react-router';
import { CloudOff, SearchX, Store as StoreIcon } from 'lucide-react';
import { describeProblem } from '../../api/problem.ts';
import { Blank } from '../../components/blank.tsx';
import { Button, buttonClass } from '../../components/button.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { engineTitles } from '../../lib/engine-titles.ts';
import { statusWords } from '../../lib/status-view.ts';
import { filterStatuses, type StoreSearch } from './store-search.ts';

export function ListLoading() {
  return (
    <div>
      <SkeletonLabel>Loading stores</SkeletonLabel>
      {[0, 1, 2].map((row) => (
        <div key={row} className="flex min-h-18 items-center gap-8 border-b border-line px-4 last:border-0 sm:px-5">
          <div className="flex-1 space-y-2">
            <Skeleton className="h-4 w-40 max-w-full" />
            <Skeleton className="h-3 w-56 max-w-full" />
          </div>
          <Skeleton className="hidden h-6 w-24 rounded-full sm:block" />
          <Skeleton className="hidden h-3 w-28 md:block" />
        </div>
      ))}
    </div>
  );
}

export function ListFailed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <Blank
      art={<CloudOff aria-hidden="true" />}
      title="Your stores could not be loaded"
      action={<Button onClick={onRetry}>Load stores again</Button>}
    >
      {describeProblem(error)}
    </Blank>
  );
}

export function ListEmpty() {
  return (
    <Blank
      art={<StoreIcon strokeWidth={1.5} aria-hidden="true" />}
      title="Your stores will be listed here"
      action={
        <Link to="/stores/new" className={buttonClass('primary')}>
          Create your first store
        </Link>
      }
    >
      Give one a name and an engine. It gets its own address, products, and takes orders with cash on delivery.
    </Blank>
  );
}

export function ListFilteredEmpty({ search, onClear }: { readonly search: StoreSearch; readonly onClear: () => void }) {
  return (
    <Blank
      art={<SearchX strokeWidth={1.5} aria-hidden="true" />}
      title={tellNoMatch(search)}
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}

/** `No store matches “cofee”, status Failed` */
export function tellNoMatch(search: StoreSearch): string {
  const statuses = filterStatuses.filter((status) => (search.status ?? '').split(',').includes(status));
  const parts = [
    search.q === undefined ? null : `“${search.q}”`,
    statuses.length === 0 ? null : `status ${statuses.map((status) => statusWords[status]).join(' or ')}`,
    search.engine === undefined ? null : `engine ${engineTitles[search.engine]}`,
  ].filter((part) => part !== null);
  return `No store matches ${parts.join(', ')}`;
}
