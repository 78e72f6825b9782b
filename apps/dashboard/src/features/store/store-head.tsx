/** Name, status and sentence, address, and the actions of the store. */
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import type { StatusView } from '../../lib/status-view.ts';
import { tellLastKnown } from '../../lib/truth-line.ts';
import { StoreActions } from './store-actions.tsx';

export interface StoreHeadProps {
  readonly store: StoreView;
  readonly view: StatusView;
  /** Time of the last proof, where that is too old to trust. */
  readonly knownAt: number | null;
  readonly now: number;
}

export function StoreHead({ store, view, knownAt, now }: StoreHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const focusHeading = useLocation({ select: (location) => location.state.focusHeading === true });
  useEffect(() => {
    if (focusHeading) heading.current?.focus();
  }, [focusHeading]);

  const { value } = store.status;
  const opens = value === 'ready' || value === 'degraded';
  const gone = value === 'deleting' || value === 'deleted';
  const sentence = knownAt === null ? view.sentence : tellLastKnown(view.word, store.status.since, knownAt, now);

  return (
    <header className="mt-2">
      <h1 ref={heading} tabIndex={-1} dir="auto" className="text-left text-xl font-bold">
        {store.name}
      </h1>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <StatusPill view={view} lastKnown={knownAt !== null} />
        <p className="min-w-0">{sentence}</p>
        <span role="status" className="sr-only">
          {store.name}: {view.word}
        </span>
      </div>
      {!gone && (
        <div className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1">
          {opens ? (
            <a
              href={store.url}
              target="_blank"
              rel="noreferrer"
              className="font-mono text-accent underline-offset-2 hover:underline"
            >
              {store.url}
            </a>
          ) : (
            <span className="font-mono text-muted">{store.url}</span>
          )}
          <CopyButton text={store.url} label="Copy address" />
          {store.wishedHost !== null && (
            <span className="basis-full text-sm text-muted">
              Wished, not applied yet: <span className="font-mono">{store.wishedHost}</span>
            </span>
          )}
        </div>
      )}
      <StoreActions store={store} view={view} />
    </header>
  );
}
