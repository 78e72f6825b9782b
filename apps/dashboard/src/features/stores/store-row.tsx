/** One store in the list: name and address, status with its sentence, engine, age, what can be done. A card on phones. */
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { StatusPill } from '../../components/status-pill.tsx';
import { engineTitles } from '../../lib/engine-titles.ts';
import { formatAge, formatExact } from '../../lib/format-time.ts';
import { viewStatus } from '../../lib/status-view.ts';
import { findKnownAt, tellLastKnown } from '../../lib/truth-line.ts';
import { StoreMenu } from './store-menu.tsx';

/** Shared with the head of the table. */
export const rowGrid =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 sm:px-5 md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)_6.5rem_4.5rem_2.25rem]';

export interface StoreRowProps {
  readonly store: StoreView;
  readonly left: boolean;
  /** Of what time the whole list is, where that is too old to trust. */
  readonly knownAt: number | null;
  readonly now: number;
}

export const StoreRow = memo(function StoreRow({ store, left, knownAt: pageKnownAt, now }: StoreRowProps) {
  const view = viewStatus(store, now);
  const knownAt = findKnownAt(store, pageKnownAt, now);
  const stale = knownAt !== null || left;
  const age = formatAge(Date.parse(store.createdAt), now);
  return (
    <div
      role="row"
      className={`${rowGrid} relative min-h-18 content-center items-center gap-y-1.5 border-b border-line py-3 [contain-intrinsic-size:auto_4.5rem] max-md:[contain-intrinsic-size:auto_7.5rem] [content-visibility:auto] last:border-0 hover:bg-sunken/60 ${left ? 'opacity-75' : ''}`}
    >
      <div role="cell" className="min-w-0">
        <Link
          to="/stores/$storeId"
          params={{ storeId: store.id }}
          className="row-link block truncate text-left font-semibold"
          dir="auto"
        >
          {store.name}
        </Link>
        <span className="mt-0.5 flex min-w-0 items-baseline gap-2 text-sm text-muted">
          <AddressText store={store} />
          <span className="shrink-0 md:hidden">{age}</span>
        </span>
      </div>
      <div
        role="cell"
        className="max-md:col-span-2 max-md:row-start-2 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 md:flex-nowrap"
      >
        <span className="shrink-0 md:w-31">
          <StatusPill view={view} lastKnown={stale} />
        </span>
        <span className="min-w-0 text-sm text-muted max-md:flex-1 max-md:basis-44 md:line-clamp-2">{tellRow()}</span>
      </div>
      <span role="cell" className="text-sm text-muted max-md:hidden">
        {engineTitles[store.engine]}
      </span>
      <span role="cell" className="text-sm text-muted max-md:hidden" title={formatExact(Date.parse(store.createdAt))}>
        {age}
      </span>
      <div role="cell" className="relative -mr-1.5 justify-self-end max-md:col-start-2 max-md:row-start-1">
        <StoreMenu store={store} />
      </div>
    </div>
  );

  function tellRow(): string {
    if (left) return tellLeft(store);
    return knownAt === null ? view.sentence : tellLastKnown(view.word, store.status.since, knownAt, now);
  }
});

/** A link where there is something to open, text elsewhere. */
function AddressText({ store }: { readonly store: StoreView }) {
  const opens = store.status.value === 'ready' || store.status.value === 'degraded';
  if (!opens) return <span className="truncate font-mono">{store.host}</span>;
  return (
    <a
      href={store.url}
      target="_blank"
      rel="noreferrer"
      className="relative truncate font-mono text-accent underline-offset-2 hover:underline"
    >
      {store.host}
    </a>
  );
}

function tellLeft(store: StoreView): string {
  return store.status.value === 'deleting' ? 'Deleted. Nothing is left of it' : 'No longer in this view';
}
