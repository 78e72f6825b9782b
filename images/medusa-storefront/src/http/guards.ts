/** Who may ask: the Host a request names and, for forms, the page it came from. Pure decisions. */
import type { IncomingHttpHeaders } from 'node:http';

/** True if the Host header names one of this shop's host names, whatever the port. */
export function isOwnHost(host: string | undefined, hosts: ReadonlySet<string>): boolean {
  return host !== undefined && hosts.has(hostnameOf(host));
}

/**
 * True if a form was sent from a page of this shop.
 *
 * Browsers name the page in `Origin` on every POST; those that hide it still send `Sec-Fetch-Site`. A request with
 * neither is refused: it comes from no browser that could be shown this shop's forms.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, isSecure: boolean): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && origin !== 'null') {
    if (!URL.canParse(origin)) return false;
    const from = new URL(origin);
    return from.protocol === (isSecure ? 'https:' : 'http:') && from.host === withoutDefaultPort(host, isSecure);
  }
  return headers['sec-fetch-site'] === 'same-origin';
}

function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
}

function withoutDefaultPort(host: string | undefined, isSecure: boolean): string {
  return (host ?? '').toLowerCase().replace(isSecure ? /:443$/ : /:80$/, '');
}
