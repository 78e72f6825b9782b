/** Pods that never came to be because the API server refused them to their controller. */
import type { EventFacts } from '../../watch/facts.ts';
import type { Fault } from './part.ts';

/**
 * @param owner  name of the workload or Job; a Deployment's ReplicaSets bear it as prefix
 * @param condition  what the workload itself says about it, if anything
 */
export function findRefusalFault(
  owner: string,
  refused: readonly EventFacts[],
  condition: string | null,
): Fault | null {
  const event = refused.find(({ name }) => name === owner || name.startsWith(`${owner}-`));
  const message = condition ?? event?.message;
  if (message === undefined) return null;
  const object = event && condition === null ? `${event.kind} ${event.name}` : owner;
  return { reason: toReason(message), object, message: dropPodName(message), log: null };
}

function toReason(message: string): Fault['reason'] {
  return message.includes('exceeded quota') ? 'QuotaExceeded' : 'WorkloadUnavailable';
}

/** `Error creating: pods "store-server-7f9-x2x4z" is forbidden: …`: the name differs at every try, the cause does not. */
function dropPodName(message: string): string {
  return message.replace(/^.*?pods? "[^"]*"/i, 'its pod');
}
