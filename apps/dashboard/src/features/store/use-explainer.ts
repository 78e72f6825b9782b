/**
 * Whether the explainer is open. Trouble opens it once; who folds it away keeps it away until another trouble comes, and
 * who opens it keeps it open.
 */
import { useState } from 'react';
import type { TroubleView } from '../../lib/trouble-view.ts';

export interface ExplainerFold {
  readonly open: boolean;
  /** How often it was called from elsewhere on the page. */
  readonly called: number;
  readonly toggle: () => void;
  readonly call: () => void;
}

export function useExplainer(trouble: Pick<TroubleView, 'key' | 'isUrgent'> | null): ExplainerFold {
  const [choice, setChoice] = useState<{ readonly key: string; readonly open: boolean } | null>(null);
  const [called, setCalled] = useState(0);
  if (trouble === null) return { open: false, called, toggle: () => undefined, call: () => undefined };

  const { key } = trouble;
  const open = choice?.key === key ? choice.open : trouble.isUrgent;
  return {
    open,
    called,
    toggle: () => setChoice({ key, open: !open }),
    call: () => {
      setChoice({ key, open: true });
      setCalled(called + 1);
    },
  };
}
