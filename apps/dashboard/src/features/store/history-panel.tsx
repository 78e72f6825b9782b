/** What happened to this store, newest first. */
import { useState } from 'react';
import { describeProblem } from '../../api/problem.ts';
import type { TimelineEntryView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { formatExact, formatMoment } from '../../lib/format-time.ts';

export interface HistoryPanelProps {
  readonly entries: readonly TimelineEntryView[];
  readonly error: unknown;
  readonly loading: boolean;
  readonly now: number;
}

const shortMax = 8;

export function HistoryPanel({ entries, error, loading, now }: HistoryPanelProps) {
  const [all, setAll] = useState(false);
  const newestFirst = [...entries].reverse();
  const shown = all ? newestFirst : newestFirst.slice(0, shortMax);
  return (
    <Panel title="What happened">
      {loading && (
        <>
          <SkeletonLabel>Loading what happened</SkeletonLabel>
          <Skeleton className="h-24" />
        </>
      )}
      {error !== null && entries.length === 0 && <Notice tone="warn">{describeProblem(error)}</Notice>}
      <ol className="space-y-2">
        {shown.map((entry) => (
          <li
            key={`${entry.at} ${entry.type} ${entry.text}`}
            className="grid grid-cols-[4rem_minmax(0,1fr)] sm:grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3"
          >
            <time
              dateTime={entry.at}
              title={formatExact(Date.parse(entry.at))}
              className="text-sm leading-5.5 text-muted"
            >
              {formatMoment(Date.parse(entry.at), now)}
            </time>
            <span>{entry.text}</span>
          </li>
        ))}
      </ol>
      {entries.length > shortMax && !all && (
        <Button look="quiet" className="mt-3 -ml-3.5" onClick={() => setAll(true)}>
          Show all {entries.length}
        </Button>
      )}
    </Panel>
  );
}
