/** How soon a new store will be there, said beside the button. Only from measured times; silent without any. */
import type { ClusterView, MetricsView } from '../../api/generated/types.gen.ts';
import { formatDuration, formatTimeLeft } from '../../lib/format-time.ts';

export interface ExpectationFacts {
  readonly metrics: MetricsView | undefined;
  readonly cluster: ClusterView | undefined;
}

export function tellExpectation({ metrics, cluster }: ExpectationFacts): string {
  if (cluster?.ready === false) {
    const left = cluster.secondsLeft === null ? '' : ` (${formatTimeLeft(cluster.secondsLeft)})`;
    return `The cluster is still starting${left}. Your store waits, then starts by itself.`;
  }
  if (metrics === undefined) return '';
  const before = metrics.queue.waiting + metrics.queue.active;
  const usual = metrics.medianReadyMs === null ? null : `Usually ${formatDuration(metrics.medianReadyMs)}`;
  const line = before === 0 ? null : `${before} before you`;
  return [usual, line].filter((part) => part !== null).join('; ');
}
