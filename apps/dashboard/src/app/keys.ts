/**
 * Single-letter keys. They act only outside fields and dialogs, without modifiers, and can be switched off (WCAG 2.1.4).
 */
import { useEffect } from 'react';
import { createExternalValue } from '../lib/external-value.ts';

const storageKey = 'urumi-letter-keys';

/** Whether single letters act. */
export const letterKeys = createExternalValue(readStored());

export function switchLetterKeys(on: boolean): void {
  letterKeys.write(on);
  try {
    window.localStorage.setItem(storageKey, on ? 'on' : 'off');
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

/** A key or two in a row (`g s`) and what it does. */
export type KeyTable = Readonly<Record<string, () => void>>;

const pairMs = 1_000;

/** Mounted once, in the shell. */
export function useKeys(table: KeyTable): void {
  useEffect(() => {
    let first: { readonly key: string; readonly at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (!letterKeys.read() || event.defaultPrevented || isTaken(event)) return;
      const pair = first !== null && event.timeStamp - first.at < pairMs ? `${first.key} ${event.key}` : null;
      first = { key: event.key, at: event.timeStamp };
      const act = (pair === null ? undefined : table[pair]) ?? table[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [table]);
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest('input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]') !== null;
}

function readStored(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}
