/** The button that leads to {@link ChangeDialog}. */
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { ChangeDialog } from '../change/change-dialog.tsx';
import { GuardedButton } from './guarded-button.tsx';

export function ChangeAction({ store }: { readonly store: StoreView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <GuardedButton permission={store.allowed.change} onClick={() => setOpen(true)}>
        <SlidersHorizontal aria-hidden="true" />
        Change store
      </GuardedButton>
      {open && <ChangeDialog store={store} onClose={() => setOpen(false)} />}
    </>
  );
}
