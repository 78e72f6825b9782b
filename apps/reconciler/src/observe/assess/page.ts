/** Assesses the shop's page as a shopper gets it. */
import type { Snapshot } from '../snapshot.ts';
import { buildPart, type Part } from './part.ts';

export function assessPage({ page, served, host }: Pick<Snapshot, 'page' | 'served' | 'host'>): Part {
  if (page.kind === 'not-asked') return buildPart('page', 'waiting', 'waits for the rest');
  if (page.kind === 'passed') return buildPart('page', 'ready', 'shows the shop and a product');
  if (page.kind === 'route-at-fault') return buildPart('page', 'waiting', 'the way to all shops is disturbed');
  // Right after a start the answers change quickly; they become a fault when they last or the shop once served.
  if (!page.isLasting && !served) return buildPart('page', 'waiting', 'not answering yet');
  const { failure } = page;
  return buildPart('page', 'failing', failure, {
    reason: 'PageFailing',
    object: `Page of ${host}`,
    message: failure,
    log: null,
  });
}
