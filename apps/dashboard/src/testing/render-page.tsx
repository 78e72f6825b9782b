/** The whole dashboard in jsdom, with a {@link World} behind msw. */
import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { contact } from '../api/contact.ts';
import { keepToken } from '../api/session.ts';
import { forgetAnswers } from '../api/transport.ts';
import { App } from '../app/app.tsx';
import { buildQueryClient } from '../app/query-client.ts';
import { buildRouter, type AppRouter } from '../app/router.tsx';
import { fixtureNow } from './fixtures.ts';
import { answerCall, fixtureToken, type World } from './world.ts';

let world: World | null = null;

/** Started once per test file; answers from the world of the running test. */
export const server = setupServer(
  http.all('*/api/*', async ({ request }) => {
    if (world === null) throw new Error('no world: call renderPage first');
    const url = new URL(request.url);
    const text = await request.text();
    const answer = answerCall(world, {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      token: request.headers.get('authorization')?.replace(/^Bearer /, '') ?? null,
      idempotencyKey: request.headers.get('idempotency-key'),
      ifNoneMatch: request.headers.get('if-none-match'),
      body: text === '' ? null : JSON.parse(text),
    });
    if (answer === 'hold') return new Promise<never>(() => undefined);
    if (answer === 'cut') return HttpResponse.error();
    return new HttpResponse(answer.status === 304 ? null : JSON.stringify(answer.body), {
      status: answer.status,
      headers: { date: new Date(fixtureNow).toUTCString(), 'content-type': 'application/json', ...answer.headers },
    });
  }),
);

export interface RenderedPage {
  readonly user: UserEvent;
  readonly router: AppRouter;
}

export function renderPage(
  current: World,
  path: string,
  { signedIn = true }: { readonly signedIn?: boolean } = {},
): RenderedPage {
  world = current;
  forgetAnswers();
  contact.write({ trouble: null, clockOffsetMs: 0, lastPassAt: null, loadedAt: null });
  if (signedIn) keepToken(fixtureToken);
  const router = buildRouter(createMemoryHistory({ initialEntries: [path] }));
  render(<App queryClient={buildQueryClient()} router={router} />);
  return { user: userEvent.setup(), router };
}
