/** Reads what the plan needs to know of the cluster. Reads only; each step only where the one before makes sense of it. */
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Adapters } from './context.ts';
import type { Facts } from '../facts.ts';

/** @throws DomainError `cluster.*`, `record.schema-newer`; the signal's reason where it is aborted */
export async function readFacts(adapters: Adapters, { identity }: StoreRecord, signal: AbortSignal): Promise<Facts> {
  const namespace = await adapters.namespaces.read(identity, signal);
  if (namespace.state !== 'ours' || namespace.terminating) return { namespace, access: false, release: null };
  const access = await adapters.access.isGranted(identity.id, signal);
  const release = access ? await adapters.releases.readNewest(identity.id, signal) : null;
  return { namespace, access, release };
}
