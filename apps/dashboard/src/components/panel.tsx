/** A part of a page with its heading. */
import { useId, type ReactNode } from 'react';

export interface PanelProps {
  readonly title: string;
  /** A fact at the right of the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 pt-4 sm:px-5">
        <h2 id={id} className="font-bold">
          {title}
        </h2>
        {aside !== undefined && <div className="text-sm text-muted">{aside}</div>}
      </header>
      <div className="px-4 pt-3 pb-4 sm:px-5 sm:pb-5">{children}</div>
    </section>
  );
}
