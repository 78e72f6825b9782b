/**
 * The steps of a store, moving while they happen. A store that is done shows one line and its steps on request; one that
 * finishes while somebody looks keeps its steps open, because nothing closes under the hand.
 */
import { Check, Circle, LoaderCircle, Minus, RotateCw, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { StoreView, TimelineEntryView } from '../../api/generated/types.gen.ts';
import { FoldButton } from '../../components/fold-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatClockExact, formatExact } from '../../lib/format-time.ts';
import {
  tellPace,
  viewSteps,
  type StepPace,
  type StepRow,
  type StepRowState,
  type UsualLength,
} from '../../lib/step-view.ts';

export interface StepTimelineProps {
  readonly store: StoreView;
  readonly timeline: readonly TimelineEntryView[];
  /** How long stores take to be ready, where known. */
  readonly usualReady: UsualLength | null;
  readonly now: number;
  /** Leads to the explainer, where there is one. */
  readonly onWhy: (() => void) | null;
}

export function StepTimeline({ store, timeline, usualReady, now, onWhy }: StepTimelineProps) {
  const view = viewSteps(store, timeline, now);
  const [open, setOpen] = useState(!view.finished);
  const usual =
    view.underWayMs === null || usualReady === null || store.served
      ? undefined
      : tellPace(view.underWayMs, usualReady).text;
  const fold = (
    <FoldButton open={open} onToggle={() => setOpen(!open)}>
      {open ? 'Hide steps' : 'Show steps'}
    </FoldButton>
  );
  return (
    <Panel title={view.headline} aside={view.finished ? fold : usual}>
      {open ? (
        <>
          <div aria-hidden="true" className={`${rowGrid} mb-2 pl-9 text-sm text-muted max-sm:hidden`}>
            <span>Step</span>
            <span className="text-right">Began</span>
            <span className="text-right">Took</span>
          </div>
          <ol>
            {view.rows.map((row, index) => (
              <Step key={row.key} row={row} last={index === view.rows.length - 1} onWhy={onWhy} />
            ))}
          </ol>
          <p className="mt-1 text-sm text-muted">
            {view.wishedAt === null ? '' : `Requested ${formatExact(view.wishedAt)}. `}Steps overlap.
          </p>
        </>
      ) : (
        <p className="text-sm text-muted">Space reserved, installed, started, filled with products, page checked.</p>
      )}
    </Panel>
  );
}

/** On phones the time of the beginning has a line of its own. */
const rowGrid = 'grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 sm:grid-cols-[minmax(0,1fr)_4rem_5.5rem] sm:gap-x-4';

const looks: Readonly<
  Record<StepRowState, { readonly icon: LucideIcon; readonly box: string; readonly word: string }>
> = {
  done: { icon: Check, box: 'border-transparent bg-ready-soft text-ready', word: 'Done' },
  running: { icon: LoaderCircle, box: 'border-transparent bg-busy-soft text-busy', word: 'Running' },
  retrying: { icon: RotateCw, box: 'border-transparent bg-warn-soft text-warn', word: 'Retrying' },
  failed: { icon: X, box: 'border-transparent bg-bad-soft text-bad', word: 'Failed' },
  stopped: { icon: Minus, box: 'border-transparent bg-idle-soft text-idle', word: 'Stopped' },
  waiting: { icon: Circle, box: 'border-line text-transparent', word: 'Waiting' },
};

interface StepProps {
  readonly row: StepRow;
  readonly last: boolean;
  readonly onWhy: (() => void) | null;
}

function Step({ row, last, onWhy }: StepProps) {
  const { icon: Icon, box, word } = looks[row.state];
  const dim = row.state === 'waiting' || row.state === 'stopped';
  const troubled = row.state === 'failed' || row.state === 'retrying';
  return (
    <li
      className="relative flex gap-3 pb-3.5"
      aria-current={row.state === 'running' || row.state === 'retrying' ? 'step' : undefined}
    >
      {!last && <span aria-hidden="true" className="absolute top-7 bottom-0.5 left-3 w-px -translate-x-1/2 bg-line" />}
      <span className={`flex size-6 shrink-0 items-center justify-center rounded-full border ${box}`}>
        <Icon
          className={`size-3.5 ${row.state === 'running' ? 'animate-turn' : ''}`}
          strokeWidth={2.5}
          aria-hidden="true"
        />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <p className={`${rowGrid} items-baseline`}>
          <span className={dim ? 'text-muted' : 'font-semibold'}>
            {row.title}
            <span className="sr-only">: {word}</span>
          </span>
          <span className="text-sm text-muted max-sm:order-last max-sm:col-span-2 sm:text-right">
            {row.beganAt !== null && (
              <>
                <span className="sr-only">. </span>
                <span className="sm:sr-only">Began </span>
                <time dateTime={new Date(row.beganAt).toISOString()} title={formatExact(row.beganAt)}>
                  {formatClockExact(row.beganAt)}
                </time>
              </>
            )}
          </span>
          <span className="text-right text-sm">
            {row.length !== '' && (
              <>
                <span className="sr-only">{row.state === 'running' ? '. So far ' : '. Took '}</span>
                {row.length}
              </>
            )}
          </span>
        </p>
        {row.pace !== null && <Pace pace={row.pace} />}
        {row.note !== '' && <p className="text-sm text-muted">{row.note}</p>}
        {troubled && onWhy !== null && (
          <button
            type="button"
            onClick={onWhy}
            className="min-h-6 rounded-sm text-sm font-semibold text-accent hover:underline pointer-coarse:min-h-11"
          >
            Show why
          </button>
        )}
      </div>
    </li>
  );
}

/** Time against what is usual; for the eye only, the words beside it say the same. */
function Pace({ pace: { share, text, isSlow } }: { readonly pace: StepPace }) {
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
      <svg
        aria-hidden="true"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        className={`h-1 w-28 shrink-0 rounded-full bg-idle-soft ${isSlow ? 'text-warn' : 'text-busy'}`}
      >
        <rect width={Math.round(share * 100)} height="4" fill="currentColor" />
      </svg>
      <span className={`text-sm ${isSlow ? 'text-warn' : 'text-muted'}`}>{text}</span>
    </div>
  );
}
