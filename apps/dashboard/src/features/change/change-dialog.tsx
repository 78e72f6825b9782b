/**
 * Wishes another size or address. The shop serves as before until the change is applied, so a size acts at once; an address
 * that people may know asks once more, because the old one then stops working.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changeStore } from '../../api/calls.ts';
import type { ChangeStoreBody, StoreView } from '../../api/generated/types.gen.ts';
import { meQuery } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { useStoreAction } from '../store/use-store-action.ts';
import { ChangeForm } from './change-form.tsx';
import { ConfirmHost } from './confirm-host.tsx';

export interface ChangeDialogProps {
  readonly store: StoreView;
  readonly onClose: () => void;
}

export function ChangeDialog({ store, onClose }: ChangeDialogProps) {
  const { data: me } = useQuery(meQuery);
  /** The wish that waits for its confirmation. */
  const [asked, setAsked] = useState<ChangeStoreBody | null>(null);
  /** What was typed, kept over the question. */
  const [draft, setDraft] = useState<ChangeStoreBody>({});
  const change = useStoreAction<ChangeStoreBody>(store, {
    ask: (wish) => changeStore(store.id, wish),
    done: () => `Changing ${store.name}`,
  });
  const send = (wish: ChangeStoreBody) => {
    if (change.isPending) return;
    change.mutate(wish, { onSuccess: onClose, onError: () => setAsked(null) });
  };
  const wish = (next: ChangeStoreBody) => {
    setDraft(next);
    if (next.host !== undefined && store.served) setAsked(next);
    else send(next);
  };

  if (asked !== null && asked.host !== undefined) {
    return (
      <ConfirmHost
        store={store}
        host={asked.host}
        plan={asked.plan}
        pending={change.isPending}
        onBack={() => setAsked(null)}
        onConfirm={() => send(asked)}
      />
    );
  }
  return (
    <Dialog
      open
      size="form"
      onClose={onClose}
      title="Change store"
      description="It serves as before until the change is applied."
    >
      {me === undefined ? (
        <div className="px-5 py-5 sm:px-6">
          <SkeletonLabel>Loading what can be changed</SkeletonLabel>
          <Skeleton className="h-40" />
        </div>
      ) : (
        <ChangeForm
          store={store}
          baseDomain={me.baseDomain}
          draft={draft}
          pending={change.isPending}
          error={change.error}
          onEdit={change.reset}
          onClose={onClose}
          onWish={wish}
        />
      )}
    </Dialog>
  );
}
