/**
 * While the cluster is being made: how far it is, and that stores may be asked for already. When it is done the panel
 * says so and keeps its place until the page is left, so that the list does not jump.
 */
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { meQuery } from '../../api/queries.ts';
import type { ClusterView } from '../../api/generated/types.gen.ts';
import { formatTimeLeft } from '../../lib/format-time.ts';

export function StartingPanel() {
  const { data: me } = useQuery(meQuery);
  const [seenStarting, setSeenStarting] = useState(false);
  const cluster = me?.cluster;
  if (cluster === undefined) return null;
  if (!cluster.ready && !seenStarting) setSeenStarting(true);
  if (cluster.ready && !seenStarting) return null;
  return (
    <section aria-label="Cluster" className="mt-5 rounded-lg border border-line bg-surface px-4 py-4 sm:px-5">
      {cluster.ready ? <Done /> : <UnderWay cluster={cluster} />}
    </section>
  );
}

function UnderWay({ cluster }: { readonly cluster: ClusterView }) {
  const percent = Math.floor(Math.min(100, Math.max(0, cluster.percent)));
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-semibold">The cluster is starting</h2>
        <p className="text-sm text-muted">
          {percent} %{cluster.secondsLeft === null ? '' : `, ${formatTimeLeft(cluster.secondsLeft)}`}
        </p>
      </div>
      <progress
        aria-label="Cluster start"
        value={percent}
        max={100}
        className="mt-3 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-busy [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-busy"
      />
      <p className="mt-3 text-sm text-muted">
        <span className="text-ink">{cluster.label}.</span> You can create stores now: they wait here, then start by
        themselves.
      </p>
    </>
  );
}

function Done() {
  return (
    <>
      <h2 className="flex items-center gap-2 font-semibold">
        <CircleCheck className="size-4.5 text-ready" aria-hidden="true" />
        The cluster is ready
      </h2>
      <p className="mt-1 text-sm text-muted">Stores that waited are being made now.</p>
    </>
  );
}
