/**
 * Reads and writes cookies. Names get the `__Host-` prefix where the shop is served over https: a neighbouring shop
 * under the same base domain then cannot plant a cart here.
 */
export interface CookieJar {
  nameOf(name: string): string;
  /** A `Set-Cookie` value that keeps `value` for `maxAgeSeconds`. */
  keep(name: string, value: string, maxAgeSeconds: number): string;
  drop(name: string): string;
}

export function createCookieJar(isSecure: boolean): CookieJar {
  const nameOf = (name: string): string => (isSecure ? `__Host-${name}` : name);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    nameOf,
    keep: (name, value, maxAgeSeconds) =>
      `${nameOf(name)}=${encodeURIComponent(value)}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    drop: (name) => `${nameOf(name)}=; Max-Age=0; ${attributes}`,
  };
}

/** The first value of each name wins, as browsers send the most specific one first. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (name !== '' && !cookies.has(name)) cookies.set(name, decodeValue(pair.slice(equals + 1).trim()));
  }
  return cookies;
}

function decodeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not written by this shop; whoever reads it checks its form and drops it.
    return value;
  }
}
