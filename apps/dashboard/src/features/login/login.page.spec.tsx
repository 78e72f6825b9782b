import { screen, waitFor } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import { sampleStores } from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld, fixtureToken, problem } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

it('a page behind the token leads to the sign-in and back to where it was meant', async () => {
  const { user, router } = renderPage(buildWorld({ stores: [sampleStores.ready] }), '/stores/k7m2qpl4', {
    signedIn: false,
  });
  await user.type(await screen.findByLabelText('Token'), fixtureToken);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('heading', { name: 'Harbour Coffee' })).toBeTruthy();
  expect(router.state.location.pathname).toBe('/stores/k7m2qpl4');
  expect(window.sessionStorage.getItem('urumi-token')).toBe(fixtureToken);
  expect(window.localStorage).toHaveLength(0);
});

it('a token that is not known stays in the field, with a sentence', async () => {
  const { user } = renderPage(buildWorld(), '/login', { signedIn: false });
  await user.type(await screen.findByLabelText('Token'), 'wrong');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText(/This token is not known here/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Token').value).toBe('wrong');
  expect(window.sessionStorage.getItem('urumi-token')).toBeNull();
});

it('an empty field asks for the token and calls nobody', async () => {
  const world = buildWorld();
  const { user } = renderPage(world, '/login', { signedIn: false });
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
  expect(screen.getByText('Paste the token first.')).toBeTruthy();
  expect(world.calls).toEqual([]);
});

it('a 401 in the middle of work keeps page and form, and a new sign-in goes on', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user } = renderPage(world, '/stores/new');
  const name = await screen.findByLabelText('Name');
  await user.type(name, 'Corner Books');
  world.overrides.set('POST /api/stores', problem(401, 'auth.unknown-token'));
  await user.click(screen.getByRole('radio', { name: /Medusa/ }));
  await user.click(screen.getByRole('button', { name: 'Create store' }));
  expect(await screen.findByText('You are signed out')).toBeTruthy();

  world.overrides.clear();
  await user.type(screen.getByLabelText('Token'), fixtureToken);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(screen.queryByText('You are signed out')).toBeNull());
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Corner Books');
});

it('does not follow a link to another site after the sign-in', async () => {
  const { user, router } = renderPage(buildWorld(), '/login?next=//elsewhere.example', { signedIn: false });
  await user.type(await screen.findByLabelText('Token'), fixtureToken);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/stores'));
});
