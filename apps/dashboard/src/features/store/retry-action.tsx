/** Asks for another try. Where the data is gone the store is made again empty, which takes its name, typed. */
import { RotateCw } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { retryStore } from '../../api/calls.ts';
import { ApiProblem, describeProblem } from '../../api/problem.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TypedNameField, useTypedName } from '../../components/typed-name.tsx';
import { ActionFault } from './action-fault.tsx';
import { GuardedButton } from './guarded-button.tsx';
import { useStoreAction } from './use-store-action.ts';

interface Wish {
  readonly recreate: boolean;
}

export function RetryAction({ store, look }: { readonly store: StoreView; readonly look: ButtonLook }) {
  const [asking, setAsking] = useState(false);
  const retry = useStoreAction<Wish>(store, {
    ask: ({ recreate }) => retryStore(store.id, recreate),
    done: ({ recreate }) => (recreate ? `Making ${store.name} again` : `Trying ${store.name} again`),
  });
  // A loss may be known to the api before it is to this page, or behind a retry of it that failed too.
  const lost = store.status.reason === 'NamespaceLost' || isLossTold(retry.error);
  const send = (recreate: boolean) => {
    if (!retry.isPending) retry.mutate({ recreate }, { onSuccess: () => setAsking(false) });
  };

  return (
    <>
      <GuardedButton
        permission={store.allowed.retry}
        look={look}
        onClick={() => {
          if (lost) setAsking(true);
          else send(false);
        }}
      >
        <RotateCw aria-hidden="true" />
        {lost ? 'Recreate empty' : retry.isPending ? 'Asking for a try' : 'Retry store'}
      </GuardedButton>
      {retry.isError && !asking && <ActionFault error={retry.error} />}
      {asking && (
        <RecreateDialog
          store={store}
          fault={retry.isError && !isLossTold(retry.error) ? describeProblem(retry.error) : null}
          onClose={() => setAsking(false)}
          onConfirm={() => send(true)}
        />
      )}
    </>
  );
}

function isLossTold(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'store.data-lost';
}

interface RecreateDialogProps {
  readonly store: StoreView;
  readonly fault: string | null;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

function RecreateDialog({ store, fault, onClose, onConfirm }: RecreateDialogProps) {
  const name = useTypedName(store.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.confirm()) onConfirm();
  };
  return (
    <Dialog open onClose={onClose} title={`Recreate ${store.name} empty?`} initialFocus={name.input}>
      <form onSubmit={submit} noValidate>
        <div className="px-5 pt-2 sm:px-6">
          <p>It gets the same address and fresh products. Its earlier orders, customers and files do not come back.</p>
          <TypedNameField value={name} label={`Type the name to recreate it: ${store.name}`} fault={fault} />
        </div>
        <DialogActions>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="danger">
            Recreate empty
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
