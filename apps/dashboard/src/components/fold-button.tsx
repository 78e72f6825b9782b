/** Shows or hides what stands below it; the place of what follows changes only by this press. */
import type { ReactNode } from 'react';

export interface FoldButtonProps {
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

export function FoldButton({ open, onToggle, children }: FoldButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className="min-h-6 rounded-sm text-left text-base font-semibold text-accent hover:underline pointer-coarse:min-h-11"
    >
      {children}
    </button>
  );
}
