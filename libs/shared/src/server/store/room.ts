/**
 * Which events Redis takes at the very limit of its memory. A new wish to have something waits for room; what was accepted
 * goes on: without its events nothing would end, and nothing would ever free memory. What such events add is bounded.
 */
import type { ApiEvent, StoreEventType } from '../../domain/events.ts';

const needsRoom: ReadonlySet<StoreEventType> = new Set<ApiEvent['type']>([
  'StoreRequested',
  'ChangeRequested',
  'RetryRequested',
]);

/** False for new wishes that make the record of things to do longer; true for deletions, cancellations, work and evidence. */
export function goesOnWhenFull(type: StoreEventType): boolean {
  return !needsRoom.has(type);
}
