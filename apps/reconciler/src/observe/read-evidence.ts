/** Reads a fault's log and warnings. Evidence is welcome, not needed: what cannot be read is left out. */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { Explanation } from '@urumi/shared/domain/verdict';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { Fault } from './assess/part.ts';
import { buildExplanation, logLinesMax } from './explain.ts';

export async function readExplanation(reads: DirectReads, storeId: string, fault: Fault): Promise<Explanation> {
  const [log, warnings] = await Promise.all([readLog(reads, storeId, fault), orElse(reads.listWarnings(storeId), [])]);
  return buildExplanation(fault, log, warnings);
}

async function readLog(reads: DirectReads, storeId: string, { log }: Fault): Promise<string> {
  if (log === null) return '';
  const options = { lines: logLinesMax, previous: log.previous };
  const text = await orElse(reads.readLog(storeId, log.pod, log.container, options), '');
  // A container that crashed for the first time has no earlier life to read about.
  if (text !== '' || !log.previous) return text;
  return orElse(reads.readLog(storeId, log.pod, log.container, { ...options, previous: false }), '');
}

/** The fault itself is told in any case; a kubelet that is away must not keep it from being told. */
async function orElse<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (isDomainError(error)) return otherwise;
    throw error;
  }
}
