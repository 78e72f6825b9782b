/** Names of owners. They become part of keys in Redis, so they hold nothing that could mean anything there. */
const ownerPattern = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Owner of whoever has the admin token; nobody else can be it. `urumi` signs what the platform itself does. */
export const adminOwner = 'admin';
const keptOwners: ReadonlySet<string> = new Set([adminOwner, 'urumi']);

/** True for names a token may carry: a lower-case letter, then letters, digits and hyphens; at most 32; none that is kept. */
export function isTenantOwner(value: string): boolean {
  return ownerPattern.test(value) && !keptOwners.has(value);
}
