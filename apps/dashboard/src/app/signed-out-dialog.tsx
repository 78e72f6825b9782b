/**
 * Asks for the token again when the api no longer accepts it. It lies over the page, so a form half filled in is still there
 * afterwards. It can be put aside to read what is on screen; the truth line brings it back.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { session } from '../api/session.ts';
import { Dialog } from '../components/dialog.tsx';
import { TokenForm } from '../features/login/token-form.tsx';
import { createExternalValue, useExternalValue } from '../lib/external-value.ts';
import { askAgain } from './recovery.ts';

const open = createExternalValue(false);

export function openSignIn(): void {
  open.write(true);
}

export function SignedOutDialog() {
  const { refused } = useExternalValue(session);
  const isOpen = useExternalValue(open);
  const queryClient = useQueryClient();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => open.write(refused), [refused]);

  return (
    <Dialog
      open={refused && isOpen}
      onClose={() => open.write(false)}
      initialFocus={input}
      title="You are signed out"
      description="This server no longer knows your token. Sign in to go on; the page stays as it is."
    >
      <TokenForm inputRef={input} onAccepted={() => askAgain(queryClient)} />
    </Dialog>
  );
}
