/**
 * The steps of a store, moving while they happen. A store that is done shows one line and its steps on request; one that
 * finishes while somebody looks keeps its steps open, because nothing closes under the hand.
 */
import { Check, Circle, LoaderCircle, Minus, RotateCw, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { StoreView, TimelineEntryView } from '../../api/generated/types.gen.ts';
import { Panel } from '../../components/panel.tsx';
import { formatDuration } from '../../lib/format-time.ts';
import { viewSteps, type StepRow, type StepRowState } from '../../lib/step-view.ts';

export interface StepTimelineProps {
  readonly store: StoreView;
  readonly timeline: readonly TimelineEntryView[];
  readonly medianReadyMs: number | null;
  readonly now: number;
}

export function StepTimeline({ store, timeline, medianReadyMs, now }: StepTimelineProps) {
  const view = viewSteps(store, timeline, now);
  const [open, setOpen] = useState(!view.finished);
  const usual =
    view.underWayMs === null || medianReadyMs === null ? undefined : tellUsual(view.underWayMs, medianReadyMs);
  return (
    <Panel title={view.headline} aside={view.finished ? <Toggle open={open} onToggle={() => setOpen(!open)} /> : usual}>
      {open ? (
        <>
          <ol>
            {view.rows.map((row, index) => (
              <Step key={row.key} row={row} last={index === view.rows.length - 1} />
            ))}
          </ol>
          <p className="mt-1 text-sm text-muted">Times count from the request; steps overlap.</p>
        </>
      ) : (
        <p className="text-sm text-muted">Space reserved, installed, started, filled with products, page checked.</p>
      )}
    </Panel>
  );
}

/** Past twice the usual time the wait is worth a word. */
function tellUsual(underWayMs: number, medianReadyMs: number): string {
  const usual = formatDuration(medianReadyMs);
  return underWayMs > 2 * medianReadyMs ? `Longer than usual (${usual})` : `Usually ${usual}`;
}

function Toggle({ open, onToggle }: { readonly open: boolean; readonly onToggle: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className="min-h-6 rounded-sm font-semibold text-accent hover:underline pointer-coarse:min-h-11"
    >
      {open ? 'Hide steps' : 'Show steps'}
    </button>
  );
}

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

function Step({ row, last }: { readonly row: StepRow; readonly last: boolean }) {
  const { icon: Icon, box, word } = looks[row.state];
  const dim = row.state === 'waiting' || row.state === 'stopped';
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
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4 pt-0.5">
        <span className={dim ? 'text-muted' : 'font-semibold'}>
          {row.title}
          <span className="sr-only">: {word}</span>
        </span>
        <span className="text-sm text-muted">{row.note}</span>
      </span>
    </li>
  );
}
