/** The server’s time as a value that moves on; at rest while the tab is hidden. */
import { useEffect, useState } from 'react';
import { contact, readServerNow } from '../api/contact.ts';

/**
 * @param stepMs how often the value moves; ask for no more than the text needs
 * @returns server time in milliseconds
 */
export function useNow(stepMs: number): number {
  const [now, setNow] = useState(readServerNow);
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNow(readServerNow());
    };
    const timer = window.setInterval(tick, stepMs);
    document.addEventListener('visibilitychange', tick);
    // An answer may have corrected the clock.
    const unsubscribe = contact.subscribe(tick);
    return () => {
      window.clearInterval(timer);
      unsubscribe();
      document.removeEventListener('visibilitychange', tick);
    };
  }, [stepMs]);
  return now;
}
