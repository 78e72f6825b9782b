/**
 * Who is signed in: the token, kept for this tab only (sessionStorage), and whether the api still accepts it. A refused
 * token does not throw the person out: the page and its forms stay, a dialog asks for the token again.
 */
import { createExternalValue } from '../lib/external-value.ts';

const storageKey = 'urumi-token';

export interface Session {
  readonly token: string | null;
  /** True from the first 401 until a token is accepted again. */
  readonly refused: boolean;
}

export const session = createExternalValue<Session>({
  token: window.sessionStorage.getItem(storageKey),
  refused: false,
});

/** Keeps a token that the api has just accepted. */
export function keepToken(token: string): void {
  window.sessionStorage.setItem(storageKey, token);
  session.write({ token, refused: false });
}

/** Notes that the api refused the token. `token` guards against an old answer that arrives after a new sign-in. */
export function noteRefusal(token: string | null): void {
  const current = session.read();
  if (current.token === null || current.token !== token || current.refused) return;
  window.sessionStorage.removeItem(storageKey);
  session.write({ ...current, refused: true });
}

/** Signs out in this tab. */
export function dropToken(): void {
  window.sessionStorage.removeItem(storageKey);
  session.write({ token: null, refused: false });
}
