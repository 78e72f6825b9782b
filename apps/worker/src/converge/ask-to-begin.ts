/** Asks whether a store of which nothing exists yet may be begun now: while many fail alike, most new ones wait. */
import { describeReason } from '@urumi/shared/domain/describe';
import { engines } from '@urumi/shared/domain/engines/catalog';
import { DomainError } from '@urumi/shared/domain/errors';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Adapters, AttemptContext } from './context.ts';

/**
 * @throws DomainError `creates.paused` with `retryInMs`, a wait that costs no start; `redis.unavailable`
 *
 * Safe to repeat: who may begin may do so until the next one may.
 */
export async function askToBegin(
  { creates }: Pick<Adapters, 'creates'>,
  attempt: Pick<AttemptContext, 'note' | 'storeId'>,
  { identity: { engine } }: StoreRecord,
): Promise<void> {
  const admission = await creates.admit(engine, attempt.storeId);
  switch (admission.kind) {
    case 'goes-on':
      return;
    case 'probe':
      attempt.note('new stores of this engine wait: this one tries');
      return;
    case 'waits': {
      const { cause, stores } = admission.pause;
      const message = `New ${engines[engine].title} stores wait: ${stores} fail alike. ${describeReason(cause)}. One tries now and then`;
      throw new DomainError('creates.paused', { retryInMs: admission.inMs }, { message });
    }
  }
}
