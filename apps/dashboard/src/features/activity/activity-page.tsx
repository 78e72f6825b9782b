/** Activity: who did what, by day, newest first. New entries wait at the top until they are asked for. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CloudOff, ScrollText } from 'lucide-react';
import { useMemo } from 'react';
import { describeProblem } from '../../api/problem.ts';
import { activityQuery } from '../../api/queries.ts';
import type { ActivityEntryView } from '../../api/generated/types.gen.ts';
import { Blank } from '../../components/blank.tsx';
import { Button } from '../../components/button.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { formatClock, formatExact } from '../../lib/format-time.ts';
import { useNow } from '../../lib/use-now.ts';
import { useTitle } from '../../lib/use-title.ts';
import { useSteadyRows } from '../../lib/use-steady-rows.ts';
import { groupByDay } from './group-by-day.ts';

export function ActivityPage() {
  const feed = useInfiniteQuery(activityQuery);
  const now = useNow(30_000);
  useTitle('Activity');
  const incoming = useMemo(() => feed.data?.pages.flatMap((page) => page.items) ?? null, [feed.data]);
  const { rows, waiting, catchUp } = useSteadyRows('activity', incoming);

  return (
    <>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2 pointer-coarse:min-h-11">
        <h1 className="text-xl font-bold">Activity</h1>
        <span role="status">
          {waiting.length > 0 && (
            <Button look="quiet" onClick={catchUp}>
              Show {waiting.length} new
            </Button>
          )}
        </span>
      </div>
      {renderFeed()}
    </>
  );

  function renderFeed() {
    if (incoming === null) {
      return feed.isError ? (
        <Blank
          art={<CloudOff strokeWidth={1.5} aria-hidden="true" />}
          title="The activity could not be loaded"
          action={<Button onClick={() => void feed.refetch()}>Load activity again</Button>}
        >
          {describeProblem(feed.error)}
        </Blank>
      ) : (
        <div className="mt-5">
          <SkeletonLabel>Loading activity</SkeletonLabel>
          <Skeleton className="h-64 rounded-lg" />
        </div>
      );
    }
    if (rows.length === 0) {
      return (
        <Blank art={<ScrollText strokeWidth={1.5} aria-hidden="true" />} title="Nothing has happened yet">
          Every request and what became of it will be listed here.
        </Blank>
      );
    }
    return (
      <>
        {groupByDay(
          rows.map((row) => row.item),
          now,
        ).map((day) => (
          <section key={day.heading} className="mt-5" aria-label={day.heading}>
            <h2 className="mb-2 px-1 font-semibold text-muted">{day.heading}</h2>
            <ol className="overflow-clip rounded-lg border border-line bg-surface">
              {day.entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
          </section>
        ))}
        {feed.hasNextPage && (
          <Button className="mt-5" onClick={() => void feed.fetchNextPage()}>
            {feed.isFetchingNextPage ? 'Loading earlier entries' : 'Show earlier entries'}
          </Button>
        )}
      </>
    );
  }
}

function Entry({ entry }: { readonly entry: ActivityEntryView }) {
  const at = Date.parse(entry.at);
  return (
    <li className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-x-3 border-b border-line px-4 py-3 [contain-intrinsic-size:auto_3rem] max-sm:[contain-intrinsic-size:auto_6.5rem] [content-visibility:auto] last:border-0 sm:grid-cols-[3.25rem_minmax(0,4fr)_minmax(0,7fr)_7rem] sm:gap-x-5 sm:px-5">
      <time dateTime={entry.at} title={formatExact(at)} className="text-muted">
        {formatClock(at)}
      </time>
      <Link
        to="/stores/$storeId"
        params={{ storeId: entry.storeId }}
        dir="auto"
        className="min-w-0 justify-self-start font-semibold text-accent underline-offset-2 hover:underline sm:max-w-full sm:truncate"
      >
        {entry.storeName}
      </Link>
      <span className="min-w-0 max-sm:col-start-2">{entry.text}</span>
      <span className="text-sm leading-5.5 text-muted max-sm:col-start-2 sm:text-right">{entry.actor}</span>
    </li>
  );
}
