/** How far the page can be trusted now, gathered from contact, session, metrics and the caller's own facts. */
import { useQuery } from '@tanstack/react-query';
import { useExternalValue } from '../lib/external-value.ts';
import { viewTruth, type TruthView } from '../lib/truth-line.ts';
import { useNow } from '../lib/use-now.ts';
import { contact } from './contact.ts';
import { meQuery, metricsQuery } from './queries.ts';
import { session } from './session.ts';

/** @param stepMs the line itself counts seconds; rows need less */
export function useTruth(stepMs: number): TruthView {
  const now = useNow(stepMs);
  const { trouble, lastPassAt, loadedAt } = useExternalValue(contact);
  const { refused } = useExternalValue(session);
  const { data: me } = useQuery(meQuery);
  const { data: metrics } = useQuery(metricsQuery);
  const measured = metrics?.lastPassAt ?? null;
  const fault = metrics?.routeAtFaultSince ?? null;
  const passes = [lastPassAt, measured === null ? null : Date.parse(measured)].filter((at) => at !== null);
  return viewTruth({
    now,
    trouble,
    refused,
    loadedAt,
    lastPassAt: passes.length === 0 ? null : Math.max(...passes),
    routeAtFaultSince: fault === null ? null : Date.parse(fault),
    protection: metrics?.protection ?? null,
    cluster: me?.cluster ?? null,
  });
}
