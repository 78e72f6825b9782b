/** What does not change by itself: id, engine, size, times, and where the admin's password lies. */
import type { ReactNode } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { engineTitles } from '../../lib/engine-titles.ts';
import { formatAge, formatExact } from '../../lib/format-time.ts';

export function FactsPanel({ store, now }: { readonly store: StoreView; readonly now: number }) {
  const createdAt = Date.parse(store.createdAt);
  const opens = store.status.value === 'ready' || store.status.value === 'degraded';
  return (
    <Panel title="Facts">
      <dl className="space-y-2.5">
        <Fact term="Engine">{engineTitles[store.engine]}</Fact>
        <Fact term="Size">{store.plan}</Fact>
        <Fact term="Created">
          {formatExact(createdAt)}, {formatAge(createdAt, now)} ago
        </Fact>
        {store.deletedAt !== null && <Fact term="Deleted">{formatExact(Date.parse(store.deletedAt))}</Fact>}
        <Fact term="Id">
          <span className="font-mono">{store.id}</span>
        </Fact>
        <Fact term="Namespace">
          <span className="font-mono">store-{store.id}</span>
        </Fact>
        <Fact term="Requests">{store.generation}</Fact>
        {opens && (
          <Fact term="Admin sign-in">
            Kept in the cluster, in Secret <span className="font-mono">store-admin</span>. This command reads it:
            <span className="-ml-3.5 block">
              <CopyButton text={adminCommand(store.id)} label="Copy command" />
            </span>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3">
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function adminCommand(storeId: string): string {
  return `kubectl --namespace store-${storeId} get secret store-admin --output go-template='{{range $key, $value := .data}}{{$key}}: {{$value | base64decode}}{{"\\n"}}{{end}}'`;
}
