/** The address a caller wishes, judged by the shared rules and written out in full. */
import { describeHostFault } from '@urumi/shared/domain/host-sentence';
import { findHostFault, hostLabelLengthMax, toFullHost } from '@urumi/shared/domain/names';
import { RequestFault } from '../http/request-fault.ts';

/**
 * @param storeId  the store that wishes it, `null` for one that is still to be made
 * @returns the full host, below the base domain
 * @throws RequestFault `store.host-invalid` with the field
 */
export function readWishedHost(
  host: string,
  { baseDomain, storeId }: { readonly baseDomain: string; readonly storeId: string | null },
): string {
  const fault = findHostFault(host, { baseDomain, storeId });
  if (fault === null) return toFullHost(host, baseDomain);
  const wayOut = fault === 'empty' ? ' Leave it out for one that is made for you.' : '';
  const message = describeHostFault(fault, baseDomain) + wayOut;
  throw new RequestFault('store.host-invalid', { field: 'host', fault, lengthMax: hostLabelLengthMax, baseDomain }, [
    { field: 'host', code: 'store.host-invalid', message },
  ]);
}
