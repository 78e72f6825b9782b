/** One cache for everything the api told. Old data stays on screen while new data is fetched or fails to come. */
import { QueryClient } from '@tanstack/react-query';

export function buildQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // "online" would pause on a laptop without internet, where the api is one loopback away.
        networkMode: 'always',
        retry: false,
        staleTime: 1_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: 'always',
        refetchIntervalInBackground: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
