/**
 * Brings the page back after trouble: asks for everything on screen again when the back-off says so, at once when the
 * person asks, when the tab comes back, or after a new sign-in.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { contact, readServerNow } from '../api/contact.ts';
import { session } from '../api/session.ts';
import { useExternalValue } from '../lib/external-value.ts';

/** Asks again for all that is on screen. */
export function askAgain(queryClient: QueryClient): void {
  void queryClient.refetchQueries({ type: 'active' });
}

/** Mounted once, in the shell. */
export function useRecovery(): void {
  const queryClient = useQueryClient();
  const { trouble } = useExternalValue(contact);
  const { refused } = useExternalValue(session);
  const nextTryAt = trouble?.nextTryAt ?? null;

  useEffect(() => {
    if (nextTryAt === null || refused) return undefined;
    const timer = window.setTimeout(
      () => {
        if (!document.hidden) askAgain(queryClient);
      },
      Math.max(0, nextTryAt - readServerNow()),
    );
    const onReturn = () => {
      if (!document.hidden) askAgain(queryClient);
    };
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', onReturn);
    };
  }, [nextTryAt, refused, queryClient]);
}
