/** Why a store is in trouble: cause, meaning, what to do, evidence, last try. Everything can be copied for an operator. */
import { useEffect, useRef } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { FoldButton } from '../../components/fold-button.tsx';
import { roleText } from '../../components/status-pill.tsx';
import type { StatusView } from '../../lib/status-view.ts';
import { toTroubleText, type TroubleView } from '../../lib/trouble-view.ts';
import { EvidenceBlock } from './evidence-block.tsx';

export interface ExplainerProps {
  readonly store: StoreView;
  readonly view: StatusView;
  readonly trouble: TroubleView;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Grows with each time somebody asks for it from elsewhere on the page: its heading takes the focus. */
  readonly called: number;
}

const edges = {
  idle: 'border-l-edge',
  busy: 'border-l-busy',
  ready: 'border-l-ready',
  warn: 'border-l-warn',
  bad: 'border-l-bad',
} as const;

export function Explainer({ store, view, trouble, open, onToggle, called }: ExplainerProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (called > 0) heading.current?.focus();
  }, [called]);
  const tone = view.role === 'busy' || view.role === 'ready' ? 'warn' : view.role;

  return (
    <section
      aria-labelledby="explainer"
      className={`rounded-lg border border-l-4 border-line bg-surface px-4 py-4 sm:px-5 ${edges[tone]}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h2
          id="explainer"
          ref={heading}
          tabIndex={-1}
          className={`min-w-0 flex-1 basis-60 scroll-mt-24 pt-1 font-bold ${roleText[tone]}`}
        >
          {trouble.cause}
        </h2>
        <div className="flex items-center gap-4">
          <FoldButton open={open} onToggle={onToggle}>
            {open ? 'Hide details' : 'Show details'}
          </FoldButton>
          <CopyButton text={toTroubleText(store, view, trouble)} label="Copy all" look="secondary" />
        </div>
      </div>
      {open && <Details trouble={trouble} />}
    </section>
  );
}

function Details({ trouble: { meaning, advice, retry, evidence, lastTry } }: { readonly trouble: TroubleView }) {
  return (
    <>
      <p className="mt-2">{meaning}</p>
      {advice !== null && <p className="mt-2 font-semibold">{advice}</p>}
      {retry !== null && <p className="mt-1">{retry}</p>}
      {evidence !== null && (
        <div className="mt-4">
          <EvidenceBlock evidence={evidence} />
        </div>
      )}
      {lastTry !== null && (
        <div className="mt-4">
          <h3 className="text-sm text-muted">{lastTry.heading}</h3>
          <p className="mt-1 font-mono text-sm">{lastTry.text}</p>
        </div>
      )}
    </>
  );
}
