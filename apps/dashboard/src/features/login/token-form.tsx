/** Takes a token, asks the api whether it knows it, and keeps it if so. Used by the page and by the signed-out dialog. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type RefObject } from 'react';
import { checkToken } from '../../api/calls.ts';
import { describeProblem } from '../../api/problem.ts';
import { keepToken } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/text-field.tsx';

export interface TokenFormProps {
  readonly onAccepted: () => void;
  /** Where a dialog wants the focus first. */
  readonly inputRef?: RefObject<HTMLInputElement | null>;
}

export function TokenForm({ onAccepted, inputRef }: TokenFormProps) {
  const [token, setToken] = useState('');
  const [empty, setEmpty] = useState(false);
  const [shown, setShown] = useState(false);
  const ownRef = useRef<HTMLInputElement>(null);
  const input = inputRef ?? ownRef;
  const check = useMutation({
    mutationFn: checkToken,
    onSuccess: (_me, accepted) => {
      keepToken(accepted);
      onAccepted();
    },
    onError: () => input.current?.focus(),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = token.trim();
    setEmpty(trimmed === '');
    if (trimmed === '') input.current?.focus();
    else if (!check.isPending) check.mutate(trimmed);
  };

  const fault = empty ? 'Paste the token first.' : check.error === null ? null : describeProblem(check.error);
  return (
    <form onSubmit={submit} noValidate className="px-5 pt-4 pb-5 sm:px-6 sm:pb-6">
      <TextField
        ref={input}
        label="Token"
        name="token"
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        spellCheck={false}
        autoCapitalize="off"
        value={token}
        onChange={(event) => {
          setToken(event.target.value);
          setEmpty(false);
          if (check.isError) check.reset();
        }}
        error={fault}
        hint="It was printed when Urumi started, and is kept in a file only its user can read."
      />
      <label className="mt-3 flex min-h-6 items-center gap-2.5">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setShown(event.target.checked)}
          className="size-4.5 accent-accent"
        />
        Show token
      </label>
      <Button type="submit" look="primary" className="mt-5 w-full">
        {check.isPending ? 'Checking token' : 'Sign in'}
      </Button>
    </form>
  );
}
