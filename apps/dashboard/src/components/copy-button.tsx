/** Copies a text and says so. Where the clipboard is denied it shows the text, selected, to copy by hand. */
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** Verb and object: `Copy address`. */
  readonly label: string;
  readonly look?: 'secondary' | 'quiet';
}

export function CopyButton({ text, label, look = 'quiet' }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'denied'>('idle');

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
      window.setTimeout(() => setOutcome('idle'), 2_000);
    } catch {
      // No permission or no secure context: the person copies by hand.
      setOutcome('denied');
    }
  };

  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-2">
      <Button look={look} onClick={() => void copy()}>
        {outcome === 'copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        <span aria-live="polite">{outcome === 'copied' ? 'Copied' : label}</span>
      </Button>
      {outcome === 'denied' && (
        <textarea
          readOnly
          aria-label={`${label}: select and copy by hand`}
          value={text}
          rows={1}
          ref={(element) => element?.select()}
          className="min-w-0 flex-1 rounded-sm border border-edge bg-surface px-2 py-1 font-mono text-sm"
        />
      )}
    </span>
  );
}
