/** Asks the api for something about one store and shows its answer at once. What goes wrong stays with the action. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { storeQuery, storesKey } from '../../api/queries.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { tell } from '../../components/toasts.tsx';

/**
 * @param ask  the call
 * @param done  the note about it when it is done
 */
export function useStoreAction<Wish>(
  store: Pick<StoreView, 'id'>,
  { ask, done }: { readonly ask: (wish: Wish) => Promise<StoreView>; readonly done: (wish: Wish) => string },
) {
  const queryClient = useQueryClient();
  const { queryKey } = storeQuery(store.id);
  return useMutation({
    mutationFn: ask,
    onSuccess: (answer, wish) => {
      queryClient.setQueryData(queryKey, answer);
      void queryClient.invalidateQueries({ queryKey: storesKey });
      void queryClient.invalidateQueries({ queryKey: ['timeline', store.id] });
      tell(done(wish));
    },
    // The store has changed meanwhile: show its newest state beside the sentence.
    onError: () => void queryClient.invalidateQueries({ queryKey }),
  });
}
