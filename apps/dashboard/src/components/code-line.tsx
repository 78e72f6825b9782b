/** A command to be run elsewhere: shown whole, copied with one press. */
import { CopyButton } from './copy-button.tsx';

export function CodeLine({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <div className="mt-2 rounded-md bg-sunken px-3 pt-2.5 pb-1">
      <code className="block font-mono text-sm">{code}</code>
      <span className="-ml-3.5 block">
        <CopyButton text={code} label={label} />
      </span>
    </div>
  );
}
