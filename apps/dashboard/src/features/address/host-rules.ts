/** Addresses as the form reads and shows them; rules and words are those of the api. */
import { describeHostFault } from '@urumi/shared/domain/host-sentence';
import { findHostFault, toFullHost } from '@urumi/shared/domain/names';
import { ApiProblem, describeProblem } from '../../api/problem.ts';

export interface HostContext {
  readonly baseDomain: string;
  /** `null` for a store that is still to be made. */
  readonly storeId: string | null;
}

/** @returns a sentence, or `null` for a good address */
export function tellHostFault(host: string, context: HostContext): string | null {
  const fault = findHostFault(host, context);
  return fault && describeHostFault(fault, context.baseDomain);
}

/** `harbour.localhost` is shown as `harbour`: the rest is the same for every store. */
export function toShortHost(host: string, baseDomain: string): string {
  return host.endsWith(`.${baseDomain}`) ? host.slice(0, -baseDomain.length - 1) : host;
}

/** What typed text stands for, or `null` while it has a fault. */
export function readHost(typed: string, context: HostContext): string | null {
  return findHostFault(typed, context) === null ? toFullHost(typed, context.baseDomain) : null;
}

/** What the api refused about an address, as a sentence; `null` where its answer is about something else. */
export function tellHostRefusal(error: unknown): string | null {
  const isAboutHost =
    error instanceof ApiProblem && (error.code === 'store.host-taken' || error.code === 'store.host-invalid');
  return isAboutHost ? describeProblem(error) : null;
}
