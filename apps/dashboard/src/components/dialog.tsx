/** A dialog with its heading and a way out; full screen on phones. Focus handling is Base UI's. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { iconButtonClass } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** A form needs room, a question does not. */
  readonly size?: 'question' | 'form';
  /** Where focus goes at first; the first control otherwise. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** False where only an answer ends it. */
  readonly dismissible?: boolean;
}

const shapes = {
  question: 'inset-x-4 top-1/2 mx-auto max-h-[calc(100dvh-2rem)] max-w-120 -translate-y-1/2 rounded-lg',
  form: 'inset-0 sm:inset-x-4 sm:inset-y-auto sm:top-[6dvh] sm:mx-auto sm:max-h-[88dvh] sm:max-w-160 sm:rounded-lg',
} as const;

export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  size = 'question',
  initialFocus,
  dismissible = true,
}: DialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next && dismissible) onClose();
      }}
      disablePointerDismissal={size === 'form' || !dismissible}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-180 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={initialFocus}
          className={`popup fixed z-50 flex flex-col overflow-y-auto overscroll-contain bg-raised text-ink shadow-float outline-none ${shapes[size]}`}
        >
          <header className="flex items-start gap-4 px-5 pt-5 sm:px-6 sm:pt-6">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-bold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-1 text-muted">{description}</Base.Description>
              )}
            </div>
            {dismissible && (
              <Base.Close aria-label="Close" className={`${iconButtonClass} -mt-1.5 -mr-2 shrink-0`}>
                <X aria-hidden="true" />
              </Base.Close>
            )}
          </header>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The row of actions at the foot of a dialog; the one that acts comes last. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <footer className="flex flex-wrap items-center justify-end gap-3 px-5 py-5 sm:px-6">{children}</footer>;
}
