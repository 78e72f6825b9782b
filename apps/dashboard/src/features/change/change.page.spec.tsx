import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import { sampleStores } from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld, problem, type World } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

const path = '/stores/k7m2qpl4';
const wishes = (world: World) => world.calls.filter(({ method }) => method === 'PATCH').map(({ body }) => body);

async function open(world: World): Promise<{ user: UserEvent; dialog: ReturnType<typeof within> }> {
  const { user } = renderPage(world, path);
  await user.click(await screen.findByRole('button', { name: 'Change store' }));
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByLabelText('Address');
  await dialog.findByRole('radio', { name: /^Medium/ });
  return { user, dialog };
}

it('another size acts at once and sends nothing else', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user, dialog } = await open(world);
  await user.click(dialog.getByRole('radio', { name: /^Medium/ }));
  await user.click(dialog.getByRole('button', { name: 'Change store' }));
  await waitFor(() => expect(wishes(world)).toEqual([{ plan: 'M' }]));
  expect(await screen.findByText('Changing Harbour Coffee')).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Change store' })).toBeNull());
});

it('another address asks first, with focus on the way back, and keeps what was chosen', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user, dialog } = await open(world);
  await user.click(dialog.getByRole('radio', { name: /^Large/ }));
  await user.clear(dialog.getByLabelText('Address'));
  await user.type(dialog.getByLabelText('Address'), 'harbour-coffee');
  expect(dialog.getByText('The shop answers at harbour-coffee.localhost')).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Change store' }));

  expect(await screen.findByText(/then stops working/)).toBeTruthy();
  const back = screen.getByRole('button', { name: 'Keep address' });
  await waitFor(() => expect(document.activeElement).toBe(back));
  expect(wishes(world)).toEqual([]);
  await user.click(back);
  expect((await screen.findByLabelText<HTMLInputElement>('Address')).value).toBe('harbour-coffee');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /^Large/ }).checked).toBe(true);

  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Change store' }));
  await user.click(await screen.findByRole('button', { name: 'Change address' }));
  await waitFor(() => expect(wishes(world)).toEqual([{ plan: 'L', host: 'harbour-coffee.localhost' }]));
  expect(await screen.findByText('harbour-coffee.localhost')).toBeTruthy();
});

it('an address nobody has visited changes without a question', async () => {
  const world = buildWorld({ stores: [{ ...sampleStores.ready, served: false }] });
  const { user, dialog } = await open(world);
  await user.clear(dialog.getByLabelText('Address'));
  await user.type(dialog.getByLabelText('Address'), 'harbour.localhost');
  await user.click(dialog.getByRole('button', { name: 'Change store' }));
  await waitFor(() => expect(wishes(world)).toEqual([{ host: 'harbour.localhost' }]));
});

it.each([
  ['admin', /kept for the platform/],
  ['Harbour', /lower-case letters/],
  ['shop.example.org', /one word below \.localhost/],
])('the address %s is told to be wrong before it is sent', async (typed, sentence) => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user, dialog } = await open(world);
  await user.clear(dialog.getByLabelText('Address'));
  await user.type(dialog.getByLabelText('Address'), typed);
  await user.click(dialog.getByRole('button', { name: 'Change store' }));
  expect(await dialog.findByText(sentence)).toBeTruthy();
  expect(wishes(world)).toEqual([]);
});

it('a taken address is told at its field, and editing takes the sentence away', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  world.overrides.set(`PATCH /api${path}`, problem(409, 'store.host-taken'));
  const { user, dialog } = await open(world);
  await user.clear(dialog.getByLabelText('Address'));
  await user.type(dialog.getByLabelText('Address'), 'harbour');
  await user.click(dialog.getByRole('button', { name: 'Change store' }));
  await user.click(await screen.findByRole('button', { name: 'Change address' }));
  expect(await screen.findByText(/belongs to another store/)).toBeTruthy();
  const field = screen.getByLabelText('Address');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await user.type(field, '2');
  expect(screen.queryByText(/belongs to another store/)).toBeNull();
});

it('nothing chosen is said, not sent', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user, dialog } = await open(world);
  await user.click(dialog.getByRole('button', { name: 'Change store' }));
  expect(await dialog.findByText(/Choose another size or address/)).toBeTruthy();
  expect(wishes(world)).toEqual([]);
});

it('where a change is not allowed the button says why', async () => {
  const reason = 'The data of the store is gone. Recreate it first.';
  const store = { ...sampleStores.lost, allowed: { ...sampleStores.lost.allowed, change: { allowed: false, reason } } };
  const { user } = renderPage(buildWorld({ stores: [store] }), `/stores/${store.id}`);
  const button = await screen.findByRole('button', { name: 'Change store' });
  await user.click(button);
  expect(screen.getByText(reason).id).toBe(button.getAttribute('aria-describedby'));
  expect(screen.queryByRole('dialog')).toBeNull();
});
