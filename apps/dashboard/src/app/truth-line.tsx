/** The truth line of the header: how far this page can be trusted, and the one action that helps. */
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Clock, CloudOff, LoaderCircle } from 'lucide-react';
import { useTruth } from '../api/use-truth.ts';
import type { TruthTone } from '../lib/truth-line.ts';
import { askAgain } from './recovery.ts';
import { openSignIn } from './signed-out-dialog.tsx';

const looks: Readonly<Record<TruthTone, { readonly tint: string; readonly icon: typeof Clock }>> = {
  calm: { tint: 'text-muted', icon: CircleCheck },
  busy: { tint: 'text-busy', icon: LoaderCircle },
  warn: { tint: 'text-warn', icon: Clock },
  bad: { tint: 'text-bad', icon: CloudOff },
};

export function TruthLine() {
  const view = useTruth(1_000);
  const queryClient = useQueryClient();
  const { tint, icon: Icon } = looks[view.tone];
  return (
    <p className={`flex min-h-6 min-w-0 items-center gap-2 text-sm ${tint}`}>
      <Icon className={`size-4 shrink-0 ${view.tone === 'busy' ? 'animate-turn' : ''}`} aria-hidden="true" />
      <span className="min-w-0">{view.text}</span>
      {view.action === 'try-now' && <LineAction label="Try now" onAct={() => askAgain(queryClient)} />}
      {view.action === 'sign-in' && <LineAction label="Sign in" onAct={openSignIn} />}
    </p>
  );
}

function LineAction({ label, onAct }: { readonly label: string; readonly onAct: () => void }) {
  return (
    <button
      type="button"
      onClick={onAct}
      className="min-h-6 shrink-0 rounded-sm px-1 font-semibold text-accent underline underline-offset-2"
    >
      {label}
    </button>
  );
}
