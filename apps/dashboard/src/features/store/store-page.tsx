/** One store: what happens, what can I do? Head, explainer when in trouble, timeline, health, facts, history. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, CloudOff, SearchX } from 'lucide-react';
import { ApiProblem, describeProblem } from '../../api/problem.ts';
import { isMoving, metricsQuery, storeQuery, timelineQuery } from '../../api/queries.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { useTruth } from '../../api/use-truth.ts';
import { Blank } from '../../components/blank.tsx';
import { Button, buttonClass } from '../../components/button.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { viewStatus } from '../../lib/status-view.ts';
import { readUsualReady } from '../../lib/step-view.ts';
import { viewTrouble } from '../../lib/trouble-view.ts';
import { findKnownAt } from '../../lib/truth-line.ts';
import { useNow } from '../../lib/use-now.ts';
import { useTitle } from '../../lib/use-title.ts';
import { Explainer } from './explainer.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { StepTimeline } from './step-timeline.tsx';
import { StoreHead } from './store-head.tsx';
import { useExplainer } from './use-explainer.ts';

export function StorePage() {
  const { storeId } = useParams({ from: '/shell/stores/$storeId' });
  const store = useQuery(storeQuery(storeId));
  useTitle(store.data?.name ?? 'Store');

  return (
    <>
      <Link
        to="/stores"
        className="-ml-1 inline-flex min-h-6 items-center gap-1.5 rounded-sm px-1 text-sm font-semibold text-muted hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        Stores
      </Link>
      {renderStore()}
    </>
  );

  function renderStore() {
    if (store.data !== undefined) return <LoadedStore key={storeId} store={store.data} />;
    if (store.isPending) return <StoreLoading />;
    const unknown = store.error instanceof ApiProblem && store.error.code === 'store.not-found';
    return unknown ? (
      <StoreUnknown id={storeId} />
    ) : (
      <StoreFailed error={store.error} onRetry={() => void store.refetch()} />
    );
  }
}

function LoadedStore({ store }: { readonly store: StoreView }) {
  const now = useNow(1_000);
  const truth = useTruth(1_000);
  const timeline = useQuery(timelineQuery(store.id, isMoving(store)));
  const { data: metrics } = useQuery(metricsQuery);
  const view = viewStatus(store, now);
  const trouble = viewTrouble(store, view, now);
  const explainer = useExplainer(trouble);
  const entries = timeline.data ?? [];
  const onItsWay = store.status.value !== 'deleting' && store.status.value !== 'deleted';

  return (
    <>
      <StoreHead store={store} view={view} knownAt={findKnownAt(store, truth.knownAt, now)} now={now} />
      <div className="mt-6 grid gap-5 md:grid-cols-[minmax(0,1fr)_21rem] md:grid-rows-[auto_1fr] md:items-start">
        <div className="min-w-0 space-y-5 empty:hidden">
          {trouble !== null && (
            <Explainer
              store={store}
              view={view}
              trouble={trouble}
              open={explainer.open}
              called={explainer.called}
              onToggle={explainer.toggle}
            />
          )}
          {onItsWay && (
            <StepTimeline
              store={store}
              timeline={entries}
              usualReady={readUsualReady(metrics)}
              now={now}
              onWhy={trouble === null ? null : explainer.call}
            />
          )}
        </div>
        <div className="min-w-0 space-y-5 md:col-start-2 md:row-span-2 md:row-start-1">
          {onItsWay && store.components.length > 0 && <HealthPanel store={store} now={now} />}
          <FactsPanel store={store} now={now} />
        </div>
        <div className="min-w-0 md:col-start-1">
          <HistoryPanel entries={entries} error={timeline.error} loading={timeline.isPending} now={now} />
        </div>
      </div>
    </>
  );
}

function StoreLoading() {
  return (
    <div className="mt-3">
      <SkeletonLabel>Loading store</SkeletonLabel>
      <Skeleton className="h-8 w-64 max-w-full" />
      <Skeleton className="mt-3 h-5 w-96 max-w-full" />
      <Skeleton className="mt-8 h-72 rounded-lg" />
    </div>
  );
}

function StoreUnknown({ id }: { readonly id: string }) {
  return (
    <Blank
      main
      art={<SearchX strokeWidth={1.5} aria-hidden="true" />}
      title="No store has this id"
      action={
        <Link to="/stores" className={buttonClass('primary')}>
          Go to your stores
        </Link>
      }
    >
      <span className="font-mono">{id}</span> is not yours, or was deleted over 30 days ago.
    </Blank>
  );
}

function StoreFailed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <Blank
      main
      art={<CloudOff strokeWidth={1.5} aria-hidden="true" />}
      title="This store could not be loaded"
      action={<Button onClick={onRetry}>Load store again</Button>}
    >
      {describeProblem(error)}
    </Blank>
  );
}
