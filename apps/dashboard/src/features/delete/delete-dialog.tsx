/**
 * Asks before a store goes. The price follows what cannot be undone: a store that served takes its name, typed; one that
 * never served has no data and takes a click, with focus on the way back.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type FormEvent } from 'react';
import { deleteStore } from '../../api/calls.ts';
import { describeProblem } from '../../api/problem.ts';
import { storeQuery, storesKey } from '../../api/queries.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { TypedNameField, useTypedName } from '../../components/typed-name.tsx';

export interface DeleteDialogProps {
  readonly store: StoreView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function DeleteDialog(props: DeleteDialogProps) {
  return props.open ? <OpenDeleteDialog {...props} /> : null;
}

function OpenDeleteDialog({ store, onClose }: DeleteDialogProps) {
  const queryClient = useQueryClient();
  const cancel = useRef<HTMLButtonElement>(null);
  const name = useTypedName(store.name);
  const removal = useMutation({
    mutationFn: () => deleteStore(store.id),
    onSuccess: (answer) => {
      queryClient.setQueryData(storeQuery(store.id).queryKey, answer);
      void queryClient.invalidateQueries({ queryKey: storesKey });
      void queryClient.invalidateQueries({ queryKey: ['timeline', store.id] });
      tell(`Deleting ${store.name}`);
      onClose();
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (store.served && !name.confirm()) return;
    if (!removal.isPending) removal.mutate();
  };

  return (
    <Dialog open onClose={onClose} title={`Delete ${store.name}?`} initialFocus={store.served ? name.input : cancel}>
      <form onSubmit={submit} noValidate>
        <div className="px-5 pt-2 sm:px-6">
          {store.served ? (
            <>
              <p>This shop has served. With it go, for good:</p>
              <ul className="mt-2 list-disc space-y-1 pl-5 marker:text-muted">
                <li>its orders, customers and products</li>
                <li>uploaded files and settings</li>
                <li>
                  its address <span className="font-mono text-sm">{store.host}</span>
                </li>
              </ul>
              <TypedNameField value={name} label={`Type the name to delete it: ${store.name}`} />
            </>
          ) : (
            <p>It has never served a page, so there are no orders and no data to lose. Its name becomes free again.</p>
          )}
          {removal.isError && (
            <div className="mt-3">
              <Notice tone="bad" announce>
                {describeProblem(removal.error)}
              </Notice>
            </div>
          )}
        </div>
        <DialogActions>
          <Button ref={cancel} onClick={onClose}>
            Keep store
          </Button>
          <Button type="submit" look="danger">
            {removal.isPending ? 'Asking to delete' : 'Delete store'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
