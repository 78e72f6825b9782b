/** Reads what else explains a fault. Evidence is welcome, not needed: what cannot be read is left out. */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { Explanation } from '@urumi/shared/domain/verdict';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { EventFacts } from '../watch/facts.ts';
import type { Fault } from './assess/part.ts';
import { buildExplanation } from './explain.ts';
import type { Speech } from './speech.ts';

export async function readExplanation(
  reads: DirectReads,
  storeId: string,
  fault: Fault,
  speech: Speech,
): Promise<Explanation> {
  return buildExplanation(fault, fault.log === null ? '' : speech.log, await readWarnings(reads, storeId));
}

async function readWarnings(reads: DirectReads, storeId: string): Promise<EventFacts[]> {
  try {
    return await reads.listWarnings(storeId);
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}
