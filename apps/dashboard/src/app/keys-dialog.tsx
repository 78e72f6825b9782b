/** The help behind `?`: which keys there are, and the switch that turns single letters off. */
import { Switch } from '@base-ui/react/switch';
import { Dialog } from '../components/dialog.tsx';
import { useExternalValue } from '../lib/external-value.ts';
import { letterKeys, switchLetterKeys } from './keys.ts';

const rows = [
  { keys: ['c'], does: 'Create a store' },
  { keys: ['/'], does: 'Search stores' },
  { keys: ['g', 's'], does: 'Go to Stores' },
  { keys: ['g', 'a'], does: 'Go to Activity' },
  { keys: ['↑', '↓'], does: 'Move through the list' },
  { keys: ['Esc'], does: 'Close what is open' },
  { keys: ['?'], does: 'Show this help' },
] as const;

export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const on = useExternalValue(letterKeys);
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard">
      <div className="px-5 pt-4 pb-6 sm:px-6">
        <dl>
          {rows.map((row) => (
            <div key={row.does} className="flex items-center gap-4 border-b border-line py-2 last:border-0">
              <dt className="flex w-20 shrink-0 gap-1.5">
                {row.keys.map((key) => (
                  <kbd
                    key={key}
                    className="inline-flex min-w-6 justify-center rounded-sm border border-edge bg-surface px-1.5 font-mono text-sm leading-5.5"
                  >
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{row.does}</dd>
            </div>
          ))}
        </dl>
        <label className="mt-4 flex items-center gap-3">
          <Switch.Root
            checked={on}
            onCheckedChange={switchLetterKeys}
            className="flex h-6 w-10 shrink-0 items-center rounded-full border border-edge bg-sunken p-0.5 data-checked:border-transparent data-checked:bg-fill"
          >
            <Switch.Thumb className="size-4.5 rounded-full bg-edge transition-transform duration-120 data-checked:translate-x-4 data-checked:bg-on-fill" />
          </Switch.Root>
          Single letters act outside fields
        </label>
      </div>
    </Dialog>
  );
}
