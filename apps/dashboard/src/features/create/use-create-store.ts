/**
 * Sends the wish until it is answered. Silence and "cannot now" are passing: the same key is sent again after a pause that
 * the form shows; anything else is an answer. Closing the form or changing a field stops it.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { backoffMs } from '../../api/cadence.ts';
import { createStore } from '../../api/calls.ts';
import { ApiProblem, isPassing } from '../../api/problem.ts';
import { storeQuery, storesKey } from '../../api/queries.ts';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { noteOwnCreation } from '../../lib/own-creations.ts';
import { forgetIdempotencyKey, keyFor, type CreateContent } from './idempotency.ts';

type Wish = CreateContent & Parameters<typeof createStore>[0];

/**
 * `sending`: on the way, `silent` once 10 s passed without an answer; `waiting`: will be sent again at `nextTryAt`
 * (browser time); `answered`: the api said no.
 */
export type CreateState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending'; readonly silent: boolean }
  | { readonly phase: 'waiting'; readonly problem: ApiProblem; readonly nextTryAt: number }
  | { readonly phase: 'answered'; readonly error: unknown };

export interface CreateStore {
  readonly state: CreateState;
  /** A second call while one is on its way does nothing. */
  readonly send: (wish: Wish) => void;
  /** Sends the waiting wish at once. */
  readonly sendNow: () => void;
  /** Back to the form: nothing more is sent by itself. */
  readonly stop: () => void;
}

export function useCreateStore(onCreated: (store: StoreView) => void): CreateStore {
  const [state, setState] = useState<CreateState>({ phase: 'idle' });
  const queryClient = useQueryClient();
  const running = useRef<AbortController | null>(null);
  const wake = useRef<(() => void) | null>(null);

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setState({ phase: 'idle' });
  }, []);

  useEffect(() => () => running.current?.abort(), []);

  const send = (wish: Wish) => {
    if (running.current !== null) return;
    const controller = new AbortController();
    running.current = controller;
    void sendUntilAnswered(wish, controller.signal);
  };

  async function sendUntilAnswered(wish: Wish, signal: AbortSignal): Promise<void> {
    const key = keyFor(wish);
    let silent = false;
    for (let failures = 1; !signal.aborted; failures += 1) {
      setState({ phase: 'sending', silent });
      try {
        const store = await createStore(wish, key, signal);
        running.current = null;
        forgetIdempotencyKey();
        noteOwnCreation(store.id);
        queryClient.setQueryData(storeQuery(store.id).queryKey, store);
        void queryClient.invalidateQueries({ queryKey: storesKey });
        void queryClient.invalidateQueries({ queryKey: ['me'] });
        onCreated(store);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiProblem) || !isPassing(error)) {
          running.current = null;
          setState({ phase: 'answered', error });
          return;
        }
        silent = error.code === 'silent';
        const pauseMs = error.retryAfterMs ?? backoffMs(failures);
        setState({ phase: 'waiting', problem: error, nextTryAt: Date.now() + pauseMs });
        await new Promise<void>((resolve) => {
          const timer = window.setTimeout(resolve, pauseMs);
          wake.current = () => {
            window.clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', () => wake.current?.(), { once: true });
        });
      }
    }
  }

  return { state, send, sendNow: () => wake.current?.(), stop };
}
