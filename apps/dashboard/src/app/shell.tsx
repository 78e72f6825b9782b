/** The frame of every page behind the token: mark, places, truth line, own menu; recovery, keys and the sign-in dialog. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { Mark } from '../components/mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { focusSearch } from '../components/focus-search.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { useKeys, type KeyTable } from './keys.ts';
import { useRecovery } from './recovery.ts';
import { SignedOutDialog } from './signed-out-dialog.tsx';
import { TruthLine } from './truth-line.tsx';

const placeClass =
  'inline-flex min-h-9 items-center rounded-md px-2.5 font-semibold text-muted hover:text-ink pointer-coarse:min-h-11 sm:px-3 ' +
  'aria-[current=page]:bg-sunken aria-[current=page]:text-ink';

export function Shell() {
  const navigate = useNavigate();
  const [helpOpen, setHelpOpen] = useState(false);
  const { data: me } = useQuery(meQuery);
  useRecovery();

  const table = useMemo<KeyTable>(
    () => ({
      c: () => void navigate({ to: '/stores/new', search: (search) => search }),
      '/': () => void navigate({ to: '/stores', search: (search) => search }).then(focusSearch),
      'g s': () => void navigate({ to: '/stores' }),
      'g a': () => void navigate({ to: '/activity' }),
      '?': () => setHelpOpen(true),
    }),
    [navigate],
  );
  useKeys(table);

  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-raised px-4 py-2 font-semibold text-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-280 flex-wrap items-center gap-x-3 px-4 sm:gap-x-5 sm:px-6">
          <Link
            to="/stores"
            className="-ml-1 flex min-h-14 items-center gap-2 rounded-md px-1 text-accent"
            aria-label="Urumi, your stores"
          >
            <Mark className="size-6" />
            <span className="text-lg font-bold tracking-tight text-ink max-[22rem]:sr-only">Urumi</span>
          </Link>
          <nav aria-label="Main" className="flex gap-0.5 sm:gap-1">
            <Link to="/stores" className={placeClass} activeOptions={{ includeSearch: false }}>
              Stores
            </Link>
            <Link to="/activity" className={placeClass}>
              Activity
            </Link>
          </nav>
          <div className="ml-auto md:order-last md:ml-0">
            <AccountMenu name={me?.name ?? null} isAdmin={me?.role === 'admin'} onHelp={() => setHelpOpen(true)} />
          </div>
          <div className="-mx-4 flex min-h-11 basis-[calc(100%+2rem)] items-center border-t border-line px-4 sm:-mx-6 sm:basis-[calc(100%+3rem)] sm:px-6 md:mx-0 md:ml-auto md:min-h-14 md:basis-auto md:border-0 md:px-0">
            <TruthLine />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-280 px-4 pt-6 pb-16 outline-none sm:px-6 sm:pt-8">
        <Outlet />
      </main>
      <KeysDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
      <SignedOutDialog />
    </>
  );
}
