/** The pages nobody asks for: an unknown address, and a fault of the page itself. */
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { MapPinOff, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import { Blank } from '../components/blank.tsx';
import { Button, buttonClass } from '../components/button.tsx';
import { Mark } from '../components/mark.tsx';

export function NotFoundPage() {
  return (
    <OddPage>
      <Blank
        main
        art={<MapPinOff aria-hidden="true" />}
        title="No page has this address"
        action={
          <Link to="/stores" className={buttonClass('primary')}>
            Go to your stores
          </Link>
        }
      >
        The link may be old or have a letter missing.
      </Blank>
    </OddPage>
  );
}

export function CrashPage({ error }: ErrorComponentProps) {
  return (
    <OddPage>
      <Blank
        main
        art={<Wrench aria-hidden="true" />}
        title="This page stopped on a fault of its own"
        action={
          <Button look="primary" onClick={() => window.location.reload()}>
            Reload page
          </Button>
        }
      >
        <p>Your stores are not touched by it. If it comes back, tell your operator what it says:</p>
        <p className="mt-3 rounded-sm bg-sunken px-3 py-2 font-mono text-sm">
          {error instanceof Error ? error.message : String(error)}
        </p>
      </Blank>
    </OddPage>
  );
}

function OddPage({ children }: { readonly children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-160 flex-col justify-center px-4">
      <Mark className="mx-auto size-8 text-accent" />
      {children}
    </main>
  );
}
