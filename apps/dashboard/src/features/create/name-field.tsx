/** The name, checked after a pause in typing and when the field is left. It informs; nothing is blocked by it. */
import { useEffect, useState, type RefObject } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { TextField } from '../../components/text-field.tsx';
import { tellNameFault } from './name-rules.ts';

const typingPauseMs = 400;

export interface NameFieldProps {
  readonly field: UseFormRegisterReturn<'name'>;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly fault: string | undefined;
  readonly baseDomain: string | null;
  /** An address of its own that is wished and has no fault, else `null`. */
  readonly host: string | null;
}

export function NameField({ field, inputRef, value, fault, baseDomain, host }: NameFieldProps) {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [value]);

  // While typing only a settled text is judged; an empty field is judged when it is left or sent.
  const typed = settled === value && value !== '' ? tellNameFault(value) : null;
  return (
    <TextField
      {...field}
      ref={(element) => {
        field.ref(element);
        inputRef.current = element;
      }}
      label="Name"
      autoComplete="off"
      maxLength={200}
      dir="auto"
      error={fault ?? typed}
      hint={host === null ? `Address: made for you, like k7m2qpl4.${baseDomain ?? 'your domain'}` : `Address: ${host}`}
    />
  );
}
