/** The way in: one token, no account. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Mark } from '../../components/mark.tsx';
import { useTitle } from '../../lib/use-title.ts';
import { TokenForm } from './token-form.tsx';

export function LoginPage() {
  const { next } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  useTitle('Sign in');
  return (
    <main className="mx-auto flex min-h-dvh max-w-110 flex-col justify-center px-4 py-12">
      <div className="mb-6 flex items-center gap-3">
        <Mark className="size-9 text-accent" />
        <div>
          <p className="text-xl font-bold tracking-tight">Urumi</p>
          <p className="text-muted">Ask for a shop and get one that works.</p>
        </div>
      </div>
      <section className="rounded-lg border border-line bg-surface">
        <h1 className="px-5 pt-5 text-lg font-bold sm:px-6 sm:pt-6">Sign in</h1>
        <TokenForm onAccepted={() => void navigate({ href: next ?? '/stores', replace: true })} />
      </section>
    </main>
  );
}
