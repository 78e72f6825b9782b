/** Providers round the router. Apart from `main.tsx` so that tests can render the whole page. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ToastProvider } from '../components/toasts.tsx';
import type { AppRouter } from './router.tsx';

export function App({ queryClient, router }: { readonly queryClient: QueryClient; readonly router: AppRouter }) {
  return (
    // The page's policy allows no style element, so Base UI brings none.
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
