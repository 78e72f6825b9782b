/** The caller's Idempotency-Key and the digest that tells whether a repeated key came with the same wish. */
import { createHash } from 'node:crypto';
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import { DomainError } from '@urumi/shared/domain/errors';
import type { PlanId } from '@urumi/shared/domain/plans';

export interface Idempotency {
  readonly key: string;
  readonly bodyHash: string;
}

const keyLengthMax = 255;
const printable = /^[\x20-\x7e]+$/;

/**
 * @param key  the header as sent, or `undefined`
 * @returns `null` where no key was sent
 * @throws DomainError `idempotency.key-invalid`
 *
 * Two bodies are the same wish where they mean the same: order of fields and a spelled-out default do not count.
 */
export function parseIdempotency(
  key: string | undefined,
  wish: { readonly name: string; readonly engine: EngineId; readonly plan: PlanId; readonly host: string | null },
): Idempotency | null {
  if (key === undefined) return null;
  if (key.length > keyLengthMax || !printable.test(key)) {
    throw new DomainError('idempotency.key-invalid', { length: key.length, lengthMax: keyLengthMax });
  }
  const canonical = JSON.stringify([wish.name, wish.engine, wish.plan, ...(wish.host === null ? [] : [wish.host])]);
  return { key, bodyHash: createHash('sha256').update(canonical).digest('base64url') };
}
