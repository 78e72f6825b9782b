/** A button for an action that the api may not allow now: it stays in reach, with the reason beside it. */
import { useId } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Button, type ButtonProps } from '../../components/button.tsx';

export interface GuardedButtonProps extends ButtonProps {
  readonly permission: StoreView['allowed']['delete'];
}

export function GuardedButton({ permission, ...rest }: GuardedButtonProps) {
  const reasonId = useId();
  if (permission.allowed) return <Button {...rest} />;
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-2.5">
      <Button {...rest} unavailable aria-describedby={reasonId} />
      <span id={reasonId} className="text-sm text-muted">
        {permission.reason ?? 'Not possible now.'}
      </span>
    </span>
  );
}
