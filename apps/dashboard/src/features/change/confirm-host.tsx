/** The question before an address changes: what stops working, what stays. Focus is on the way back. */
import { useRef } from 'react';
import type { PlanId } from '@urumi/shared/domain/plans';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';

export interface ConfirmHostProps {
  readonly store: StoreView;
  readonly host: string;
  /** Another size that comes with it. */
  readonly plan: PlanId | undefined;
  readonly pending: boolean;
  readonly onBack: () => void;
  readonly onConfirm: () => void;
}

export function ConfirmHost({ store, host, plan, pending, onBack, onConfirm }: ConfirmHostProps) {
  const back = useRef<HTMLButtonElement>(null);
  return (
    <Dialog open onClose={onBack} title={`Change the address of ${store.name}?`} initialFocus={back}>
      <div className="px-5 pt-2 sm:px-6">
        <p>
          The shop moves to <span className="font-mono text-sm">{host}</span>.{' '}
          {plan !== undefined && `Its size becomes ${plan}. `}
          Orders, customers and products stay.
        </p>
        <p className="mt-2">
          The old address <span className="font-mono text-sm">{store.host}</span> then stops working: links and
          bookmarks to it lead nowhere, and another store may take it.
        </p>
      </div>
      <DialogActions>
        <Button ref={back} onClick={onBack}>
          Keep address
        </Button>
        <Button look="primary" onClick={onConfirm}>
          {pending ? 'Asking for the change' : 'Change address'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
