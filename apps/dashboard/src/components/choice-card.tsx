/** Radio buttons as cards: native inputs, so arrows, forms and screen readers work as everywhere. */
import { Check } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { FieldFault } from './text-field.tsx';

export interface ChoiceGroupProps {
  readonly id: string;
  readonly legend: string;
  readonly children: ReactNode;
  readonly fault?: string | undefined;
  readonly columns?: 2 | 3;
}

export function ChoiceGroup({ id, legend, children, fault, columns = 2 }: ChoiceGroupProps) {
  return (
    <fieldset id={id} aria-describedby={`${id}-note`}>
      <legend className="mb-1.5 font-semibold">{legend}</legend>
      <div className={`grid gap-2.5 ${columns === 2 ? 'sm:grid-cols-2' : 'sm:grid-cols-3'}`}>{children}</div>
      <div id={`${id}-note`} className="mt-1.5 text-sm empty:hidden">
        {fault !== undefined && <FieldFault>{fault}</FieldFault>}
      </div>
    </fieldset>
  );
}

export interface ChoiceCardProps {
  readonly field: UseFormRegisterReturn;
  readonly value: string;
  readonly checked: boolean;
  readonly title: string;
  readonly aside?: string;
  readonly children: ReactNode;
  /** True: in reach of the keyboard, not to be chosen; `note` says why. */
  readonly unavailable?: boolean;
  readonly note?: ReactNode;
}

export function ChoiceCard({
  field,
  value,
  checked,
  title,
  aside,
  children,
  unavailable = false,
  note = null,
}: ChoiceCardProps) {
  const id = useId();
  return (
    <label
      className={`relative flex gap-3 rounded-md border p-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${
        unavailable
          ? 'cursor-not-allowed border-line bg-sunken'
          : checked
            ? 'border-accent bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent)]'
            : 'border-edge bg-surface hover:bg-sunken'
      }`}
    >
      <input
        type="radio"
        {...field}
        value={value}
        aria-disabled={unavailable || undefined}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        // A click on what cannot be chosen keeps the earlier choice.
        onClick={unavailable ? (event) => event.preventDefault() : undefined}
        onChange={(event) => {
          if (!unavailable) void field.onChange(event);
        }}
        className="peer absolute inset-0 cursor-[inherit] appearance-none rounded-md opacity-0"
      />
      <span
        aria-hidden="true"
        className={`mt-0.5 flex size-4.5 shrink-0 items-center justify-center rounded-full border ${
          checked && !unavailable
            ? 'border-transparent bg-fill text-on-fill'
            : unavailable
              ? 'border-line'
              : 'border-edge'
        }`}
      >
        {checked && !unavailable && <Check className="size-3" strokeWidth={3} />}
      </span>
      <span className="min-w-0 flex-1">
        <span id={`${id}-title`} className="flex flex-wrap items-baseline justify-between gap-x-2">
          <span className="font-semibold">{title}</span>
          {aside !== undefined && <span className="text-sm text-muted">{aside}</span>}
        </span>
        <span id={`${id}-text`} className="mt-0.5 block text-sm text-muted">
          {children}
          {note !== null && <span className="mt-1.5 block wrap-anywhere text-ink">{note}</span>}
        </span>
      </span>
    </label>
  );
}
