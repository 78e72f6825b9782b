/** The button that leads to {@link DeleteDialog}; where deleting is not allowed it says why. */
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { GuardedButton } from './guarded-button.tsx';
import { DeleteDialog } from '../delete/delete-dialog.tsx';

export function DeleteAction({ store }: { readonly store: StoreView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <GuardedButton permission={store.allowed.delete} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden="true" />
        Delete store
      </GuardedButton>
      <DeleteDialog store={store} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
