/** A labelled text input with a hint below it; an error takes the place of nothing else, so nothing jumps. */
import { CircleAlert } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';

export interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export const inputClass =
  'min-h-10 w-full rounded-md border border-edge bg-surface px-3 text-input text-ink hover:border-muted pointer-coarse:min-h-11 ' +
  'aria-invalid:border-bad sm:text-base';

export function TextField({ label, hint, error, className = '', ...rest }: TextFieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      <input
        id={id}
        {...rest}
        aria-invalid={hasError || undefined}
        aria-describedby={`${id}-note`}
        className={inputClass}
      />
      <div id={`${id}-note`} className="mt-1.5 min-h-4.5 text-sm">
        {hasError ? <FieldFault>{error}</FieldFault> : <span className="text-muted">{hint}</span>}
      </div>
    </div>
  );
}

/** The sentence about a field that needs a correction. */
export function FieldFault({ children }: { readonly children: ReactNode }) {
  return (
    <span className="flex gap-1.5 text-bad">
      <CircleAlert className="mt-0.5 size-3.5 shrink-0" strokeWidth={2.25} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
