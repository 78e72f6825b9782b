/** The price of what cannot be undone: the store's name, typed (paste is fine). One rule and one field for every such dialog. */
import { useRef, useState, type RefObject } from 'react';
import { TextField } from './text-field.tsx';

export interface TypedName {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly typed: string;
  readonly mismatch: boolean;
  readonly change: (typed: string) => void;
  /** True where the name stands in the field; else says so there and moves the focus to it. */
  readonly confirm: () => boolean;
}

export function useTypedName(name: string): TypedName {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [mismatch, setMismatch] = useState(false);
  return {
    input,
    typed,
    mismatch,
    change: (next) => {
      setTyped(next);
      setMismatch(false);
    },
    confirm: () => {
      const matches = typed.trim() === name;
      setMismatch(!matches);
      if (!matches) input.current?.focus();
      return matches;
    },
  };
}

export interface TypedNameFieldProps {
  readonly value: TypedName;
  readonly label: string;
  /** What went wrong with the action itself, shown while the name is not the fault. */
  readonly fault?: string | null;
}

export function TypedNameField({ value, label, fault = null }: TypedNameFieldProps) {
  return (
    <TextField
      ref={value.input}
      className="mt-4"
      label={label}
      autoComplete="off"
      spellCheck={false}
      value={value.typed}
      onChange={(event) => value.change(event.target.value)}
      error={value.mismatch ? 'This is not its name yet. Upper and lower case count.' : fault}
    />
  );
}
