/** Asks for another try. Where the data is gone the store is made again empty, which takes its name, typed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { retryStore } from '../../api/calls.ts';
import { describeProblem } from '../../api/problem.ts';
import { storeQuery, storesKey } from '../../api/queries.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { FieldFault } from '../../components/text-field.tsx';
import { tell } from '../../components/toasts.tsx';
import { TypedNameField, useTypedName } from '../../components/typed-name.tsx';
import { GuardedButton } from './guarded-button.tsx';

export function RetryAction({ store, look }: { readonly store: StoreView; readonly look: ButtonLook }) {
  const [asking, setAsking] = useState(false);
  const queryClient = useQueryClient();
  const lost = store.status.reason === 'NamespaceLost';
  const retry = useMutation({
    mutationFn: () => retryStore(store.id, lost),
    onSuccess: (answer) => {
      setAsking(false);
      queryClient.setQueryData(storeQuery(store.id).queryKey, answer);
      void queryClient.invalidateQueries({ queryKey: storesKey });
      void queryClient.invalidateQueries({ queryKey: ['timeline', store.id] });
      tell(lost ? `Making ${store.name} again` : `Trying ${store.name} again`);
    },
    // The store has changed meanwhile: show its newest state beside the sentence.
    onError: () => void queryClient.invalidateQueries({ queryKey: storeQuery(store.id).queryKey }),
  });
  const act = () => {
    if (lost) setAsking(true);
    else if (!retry.isPending) retry.mutate();
  };

  return (
    <>
      <GuardedButton permission={store.allowed.retry} look={look} onClick={act}>
        <RotateCw aria-hidden="true" />
        {lost ? 'Recreate empty' : retry.isPending ? 'Asking for a try' : 'Retry store'}
      </GuardedButton>
      {retry.isError && !asking && (
        <span role="alert" className="self-center text-sm">
          <FieldFault>{describeProblem(retry.error)}</FieldFault>
        </span>
      )}
      {asking && (
        <RecreateDialog
          store={store}
          fault={retry.isError ? describeProblem(retry.error) : null}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            if (!retry.isPending) retry.mutate();
          }}
        />
      )}
    </>
  );
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
