/** Search, status and engine of the list, and the shortcut to what needs attention. State lives in the address. */
import { Search, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { focusSearch, searchInputId } from '../../components/focus-search.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Select } from '../../components/select.tsx';
import { engineTitles } from '../../lib/engine-titles.ts';
import { statusWords } from '../../lib/status-view.ts';
import { attentionStatuses, filterStatuses, parseStoreSearch, type StoreSearch } from './store-search.ts';

export interface FilterBarProps {
  readonly search: StoreSearch;
  readonly attention: number;
  readonly onChange: (next: StoreSearch) => void;
}

/** After the last letter; a request per letter would be noise. */
const typingPauseMs = 250;
const attentionValue = attentionStatuses.join(',');

export function FilterBar({ search, attention, onChange }: FilterBarProps) {
  const change = (part: Partial<Record<keyof StoreSearch, string>>) =>
    onChange(parseStoreSearch({ ...search, ...part }));
  const showsAttention = search.status === attentionValue;

  return (
    <div role="search" aria-label="Stores" className="mt-5 flex flex-wrap items-center gap-2.5">
      <SearchBox value={search.q ?? ''} onChange={(q) => change({ q })} />
      <Select
        label="Status"
        value={search.status ?? ''}
        onChange={(status) => change({ status })}
        options={[
          { value: '', label: 'Any status' },
          { value: attentionValue, label: 'Needs attention' },
          ...filterStatuses.map((status) => ({ value: status, label: statusWords[status] })),
        ]}
      />
      <Select
        label="Engine"
        value={search.engine ?? ''}
        onChange={(engine) => change({ engine })}
        options={[
          { value: '', label: 'Any engine' },
          ...Object.entries(engineTitles).map(([value, label]) => ({ value, label })),
        ]}
      />
      {(attention > 0 || showsAttention) && (
        <button
          type="button"
          aria-pressed={showsAttention}
          onClick={() => change({ status: showsAttention ? '' : attentionValue })}
          className="inline-flex min-h-9 items-center justify-center gap-2 rounded-full max-sm:basis-full border border-transparent bg-warn-soft px-3.5 font-semibold text-warn hover:border-warn aria-pressed:border-warn pointer-coarse:min-h-11"
        >
          <TriangleAlert className="size-4" aria-hidden="true" />
          {attention} {attention === 1 ? 'needs' : 'need'} attention
        </button>
      )}
    </div>
  );
}

function SearchBox({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  // The address changed by other means: Back, a cleared filter.
  if (value !== sent) {
    setSent(value);
    setTyped(value);
  }

  useEffect(() => {
    if (typed.trim() === sent) return undefined;
    const timer = window.setTimeout(() => {
      setSent(typed.trim());
      onChange(typed.trim());
    }, typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [typed, sent, onChange]);

  return (
    <div className="relative min-w-0 basis-full sm:max-w-90 sm:flex-1 sm:basis-60">
      <Search
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
        aria-hidden="true"
      />
      <input
        id={searchInputId}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label="Search by name, address or id"
        aria-keyshortcuts="/"
        placeholder="Search name, address, id"
        maxLength={100}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped('');
        }}
        className="min-h-9 w-full rounded-md border border-edge bg-surface pr-9 pl-9 text-input hover:border-muted sm:text-base pointer-coarse:min-h-11"
      />
      {typed !== '' && (
        <IconButton
          label="Clear search"
          onClick={() => {
            setTyped('');
            focusSearch();
          }}
          className="absolute top-1/2 right-0.5 size-8 -translate-y-1/2"
        >
          <X aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}
