/** Stores: are my shops fine? Filters in the address, rows that keep still, every state of loading its own sight. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { metricsQuery, storesQuery } from '../../api/queries.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import { formatCount } from '../../lib/format-size.ts';
import { useTitle } from '../../lib/use-title.ts';
import { StartingPanel } from '../starting/starting-panel.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ListEmpty, ListFailed, ListFilteredEmpty, ListLoading } from './list-states.tsx';
import { StoreList } from './store-list.tsx';
import { isFiltered, toFilter, type StoreSearch } from './store-search.ts';
import { useSteadyRows } from '../../lib/use-steady-rows.ts';

export function StoresPage() {
  const search = useSearch({ from: '/shell/stores' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(storesQuery(toFilter(search)));
  const { data: metrics } = useQuery(metricsQuery);
  useTitle('Stores');

  const incoming = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? null, [list.data]);
  const { rows, waiting, catchUp } = useSteadyRows(JSON.stringify(search), incoming);
  const leftCount = rows.filter((row) => row.left).length;

  const applyFilter = (next: StoreSearch) => void navigate({ to: '/stores', search: next, replace: true });
  const clear = () => applyFilter({});
  const total = metrics === undefined ? null : Object.values(metrics.stores).reduce((sum, count) => sum + count, 0);
  const attention = metrics === undefined ? 0 : metrics.stores.failed + metrics.stores.degraded;

  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="text-xl font-bold">Stores</h1>
        <Link to="/stores/new" search={search} className={`${buttonClass('primary')} ml-auto`}>
          <Plus aria-hidden="true" />
          Create store
        </Link>
      </div>
      <StartingPanel />
      <FilterBar search={search} attention={attention} onChange={applyFilter} />
      <section
        aria-label="List of stores"
        aria-busy={list.isPending}
        className="mt-3 overflow-clip rounded-lg border border-line bg-surface"
      >
        {renderList()}
      </section>
      {renderFoot()}
      <Outlet />
    </>
  );

  function renderList() {
    if (incoming === null) {
      return list.isError ? <ListFailed error={list.error} onRetry={() => void list.refetch()} /> : <ListLoading />;
    }
    if (rows.length === 0) {
      return isFiltered(search) ? <ListFilteredEmpty search={search} onClear={clear} /> : <ListEmpty />;
    }
    return <StoreList rows={rows} />;
  }

  /** Always there, so that its button pushes nothing when it comes. */
  function renderFoot() {
    if (incoming === null || rows.length === 0) return null;
    const news = [
      waiting.length > 0 ? `Show ${waiting.length} new` : null,
      leftCount > 0 ? `remove ${leftCount} that left` : null,
    ].filter((part) => part !== null);
    const label = news.join(', ');
    return (
      <div className="mt-3 flex min-h-9 flex-wrap items-center gap-x-4 gap-y-2 px-1 text-sm text-muted pointer-coarse:min-h-11">
        <span>
          {isFiltered(search) || total === null
            ? `${formatCount(rows.length - leftCount, 'store')} shown`
            : formatCount(total, 'store')}
        </span>
        <span role="status">
          {label !== '' && (
            <Button look="quiet" onClick={catchUp}>
              {label.charAt(0).toUpperCase() + label.slice(1)}
            </Button>
          )}
        </span>
        {list.hasNextPage && (
          <Button className="ml-auto" onClick={() => void list.fetchNextPage()}>
            {list.isFetchingNextPage ? 'Loading 100 more' : 'Show 100 more'}
          </Button>
        )}
      </div>
    );
  }
}
