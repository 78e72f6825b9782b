/** How far the cluster is, from the parts that are under way at the same time. Pure. */
import type { ClusterProgress } from '@urumi/shared/server/store/repository';

export interface Part {
  readonly label: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** Estimate for this part alone, in seconds; `null` while nothing is known. */
  readonly secondsLeft: number | null;
}

/**
 * Adds parts that run side by side on the same cores: the slowest known one tells the time left, the shares the rest.
 * The label is that of the part that is furthest from its end.
 */
export function sumProgress(parts: readonly Part[], at: number): ClusterProgress {
  const open = parts.filter((part) => part.fraction < 1);
  const slowest = open.reduce<Part | null>(
    (a, b) => (a === null || (b.secondsLeft ?? 0) > (a.secondsLeft ?? 0) ? b : a),
    null,
  );
  const percent = Math.floor((100 * parts.reduce((sum, part) => sum + part.fraction, 0)) / Math.max(1, parts.length));
  return {
    step: slowest === null ? 'ready' : 'starting',
    label: slowest?.label ?? 'The cluster takes stores',
    percent,
    secondsLeft: slowest === null ? 0 : slowest.secondsLeft,
    ready: slowest === null,
    at,
  };
}
