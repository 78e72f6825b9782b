/** Reads the token out of an Authorization header: `Bearer <token>`, and for browsers' own dialog `Basic` as password. */
export function parseBearer(header: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** The user name of Basic is ignored: the token says who it is. */
export function parseBasicPassword(header: string | undefined): string | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : decoded.slice(colon + 1);
}
