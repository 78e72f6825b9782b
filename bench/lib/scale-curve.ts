/** The curve of throughput, as a table: each point beside the limit of the same width, and who used the processors. */
import { mapSplit, users, type Split } from './processor-split.ts';
import { summarize } from './statistics.ts';

export interface Point {
  readonly round: number;
  /** Workers of ours with one attempt at once each, or helms of the rival at once. */
  readonly width: number;
  readonly contestant: 'urumi' | 'xargs';
  readonly stores: number;
  readonly seconds: number;
  readonly storesPerSecond: number;
  /** In flight, on average. */
  readonly helms: number;
  readonly split: Split;
}

/** Our throughput as a share of the limit's, by medians over the rounds; `null` without either. */
export function toShareOfLimit(points: readonly Point[], width: number): number | null {
  const ours = median(select(points, width, 'urumi').map(({ storesPerSecond }) => storesPerSecond));
  const limit = median(select(points, width, 'xargs').map(({ storesPerSecond }) => storesPerSecond));
  return ours === null || limit === null ? null : ours / limit;
}

/** Medians over the rounds; processor time in seconds per store. */
export function formatCurve(points: readonly Point[]): string {
  const widths = [...new Set(points.map(({ width }) => width))].toSorted((a, b) => a - b);
  const head = ['', 'stores/s', 'of limit', 'helms', 'CPU-s/store', ...users];
  const rows = widths.flatMap((width) =>
    (['urumi', 'xargs'] as const).map((contestant) => {
      const own = select(points, width, contestant);
      const share = contestant === 'urumi' ? toShareOfLimit(points, width) : null;
      const split = mapSplit((user) => median(own.map((point) => point.split[user] / point.stores)) ?? NaN);
      const sum = Object.values(split).reduce((total, one) => total + one, 0);
      return [
        `${contestant} ${width}`,
        format(median(own.map(({ storesPerSecond }) => storesPerSecond))),
        format(share),
        format(median(own.map(({ helms }) => helms))),
        format(sum),
        ...users.map((user) => format(split[user])),
      ];
    }),
  );
  return [head, ...rows].map((row) => `${row.map((cell) => cell.padStart(11)).join(' ')}\n`).join('');
}

function select(points: readonly Point[], width: number, contestant: Point['contestant']): Point[] {
  return points.filter((point) => point.width === width && point.contestant === contestant);
}

function median(values: readonly number[]): number | null {
  return summarize(values)?.median ?? null;
}

function format(value: number | null): string {
  return value === null || Number.isNaN(value) ? '-' : value.toFixed(2);
}
