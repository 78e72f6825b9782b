/** The address of a shop, judged once typing has paused and when the field is left. It informs; nothing is blocked by it. */
import { useEffect, useState, type RefObject } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { TextField } from '../../components/text-field.tsx';
import { readHost, tellHostFault, type HostContext } from './host-rules.ts';

const typingPauseMs = 400;

export interface AddressFieldProps {
  readonly field: UseFormRegisterReturn<'host'>;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly value: string;
  /** What the api or the form said about it. */
  readonly fault: string | undefined;
  /** `null` until the base domain is known: then only the api judges. */
  readonly context: HostContext | null;
  /** Said below an empty field where that is no fault. */
  readonly emptyHint?: string;
}

export function AddressField({ field, inputRef, value, fault, context, emptyHint }: AddressFieldProps) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [value]);

  const left = value === '' && emptyHint !== undefined;
  // What is still being typed is not judged.
  const typed = settled === value && !left && context !== null ? tellHostFault(value, context) : null;
  return (
    <TextField
      {...field}
      ref={(element) => {
        field.ref(element);
        if (inputRef !== undefined) inputRef.current = element;
      }}
      label="Address"
      className="[&_input]:scroll-mb-44"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      error={fault ?? typed}
      hint={tellHint()}
    />
  );

  function tellHint(): string {
    if (left) return emptyHint;
    const host = context && readHost(value, context);
    return host === null ? `One word below .${context?.baseDomain ?? 'your domain'}` : `The shop answers at ${host}`;
  }
}
