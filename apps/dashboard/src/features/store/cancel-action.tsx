/** Stops what is under way. It removes nothing and can be taken up again, so it acts at once. */
import { CircleStop } from 'lucide-react';
import { cancelStore } from '../../api/calls.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { ActionFault } from './action-fault.tsx';
import { GuardedButton } from './guarded-button.tsx';
import { useStoreAction } from './use-store-action.ts';

export function CancelAction({ store }: { readonly store: StoreView }) {
  const cancel = useStoreAction<null>(store, {
    ask: () => cancelStore(store.id),
    done: () => `Stopped ${store.name}`,
  });
  return (
    <>
      <GuardedButton
        permission={store.allowed.cancel}
        onClick={() => {
          if (!cancel.isPending) cancel.mutate(null);
        }}
      >
        <CircleStop aria-hidden="true" />
        {cancel.isPending ? 'Asking to stop' : `Cancel ${nameWork(store)}`}
      </GuardedButton>
      {cancel.isError && <ActionFault error={cancel.error} />}
    </>
  );
}

function nameWork({ status, served }: StoreView): string {
  if (status.value === 'deleting') return 'deletion';
  return served ? 'change' : 'creation';
}
