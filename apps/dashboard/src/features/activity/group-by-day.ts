/** Cuts a feed, newest first, into days as the reader's calendar has them. Pure. */
import type { ActivityEntryView } from '../../api/generated/types.gen.ts';
import { formatDayHeading } from '../../lib/format-time.ts';

export interface Day {
  readonly heading: string;
  readonly entries: readonly ActivityEntryView[];
}

export function groupByDay(entries: readonly ActivityEntryView[], now: number): readonly Day[] {
  const days = new Map<string, ActivityEntryView[]>();
  for (const entry of entries) {
    const heading = formatDayHeading(Date.parse(entry.at), now);
    const day = days.get(heading);
    if (day === undefined) days.set(heading, [entry]);
    else day.push(entry);
  }
  return [...days].map(([heading, list]) => ({ heading, entries: list }));
}
