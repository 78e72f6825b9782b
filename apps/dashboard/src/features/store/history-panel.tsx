/** What happened to this store, newest first. An entry about trouble opens to what was seen then. */
import { useState } from 'react';
import { describeProblem } from '../../api/problem.ts';
import type { ExplanationView, TimelineEntryView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { FoldButton } from '../../components/fold-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { formatExact, formatMoment } from '../../lib/format-time.ts';
import { readEvidence, toEvidenceText } from '../../lib/trouble-view.ts';
import { EvidenceBlock } from './evidence-block.tsx';

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
          <Entry key={`${entry.at} ${entry.type} ${entry.text}`} entry={entry} now={now} />
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

function Entry({ entry, now }: { readonly entry: TimelineEntryView; readonly now: number }) {
  const [open, setOpen] = useState(false);
  const at = Date.parse(entry.at);
  return (
    <li className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3 sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      <time dateTime={entry.at} title={formatExact(at)} className="text-sm leading-5.5 text-muted">
        {formatMoment(at, now)}
      </time>
      <div className="min-w-0">
        <p>
          {entry.text}
          {entry.attempt !== null && entry.attempt > 1 && entry.type !== 'AttemptStarted' && (
            <span className="text-sm text-muted"> (try {entry.attempt})</span>
          )}
        </p>
        {entry.explanation !== null && (
          <FoldButton open={open} onToggle={() => setOpen(!open)}>
            {open ? 'Hide evidence' : 'Show evidence'}
          </FoldButton>
        )}
        {entry.explanation !== null && open && <Kept explanation={entry.explanation} now={now} />}
      </div>
    </li>
  );
}

function Kept({ explanation, now }: { readonly explanation: ExplanationView; readonly now: number }) {
  const evidence = readEvidence(explanation, now);
  return (
    <div className="mt-1 mb-3 border-l-2 border-line pl-3">
      <EvidenceBlock evidence={evidence} />
      <p className="mt-2 font-semibold">{explanation.advice}</p>
      <span className="-ml-3.5 block">
        <CopyButton text={`${toEvidenceText(evidence)}\n${explanation.advice}`} label="Copy evidence" />
      </span>
    </div>
  );
}
