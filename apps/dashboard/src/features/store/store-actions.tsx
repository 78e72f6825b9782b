/** What can be done with a store now. What concerns it and is not allowed stays in reach, with its reason. */
import { ExternalLink, KeyRound } from 'lucide-react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { ExternalLinkButton } from '../../components/button.tsx';
import type { StatusView } from '../../lib/status-view.ts';
import { CancelAction } from './cancel-action.tsx';
import { ChangeAction } from './change-action.tsx';
import { DeleteAction } from './delete-action.tsx';
import { RetryAction } from './retry-action.tsx';

export function StoreActions({ store, view }: { readonly store: StoreView; readonly view: StatusView }) {
  const { value, settled } = store.status;
  if (value === 'deleted') return null;
  const opens = value === 'ready' || value === 'degraded';
  const stays = value !== 'deleting';
  return (
    <div className="mt-4 flex flex-wrap items-start gap-2.5">
      {opens && (
        <>
          <ExternalLinkButton look="primary" href={store.url}>
            <ExternalLink aria-hidden="true" />
            Open shop
          </ExternalLinkButton>
          <ExternalLinkButton href={store.adminUrl}>
            <KeyRound aria-hidden="true" />
            Open admin
          </ExternalLinkButton>
        </>
      )}
      {stays && (view.inTrouble || store.allowed.retry.allowed) && (
        <RetryAction store={store} look={offersRetry(view) && !opens ? 'primary' : 'secondary'} />
      )}
      {!settled && <CancelAction store={store} />}
      {stays && <ChangeAction store={store} />}
      <DeleteAction store={store} />
    </div>
  );
}

function offersRetry({ next }: StatusView): boolean {
  return next === 'retry' || next === 'recreate';
}
