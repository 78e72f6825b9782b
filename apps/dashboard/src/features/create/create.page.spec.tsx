import { screen, waitFor } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { dropToken } from '../../api/session.ts';
import { engineList, sampleStores } from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld, problem, type World } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

const posts = (world: World) => world.calls.filter((call) => call.method === 'POST');
const send = (user: UserEvent) => user.click(screen.getByRole('button', { name: 'Create store' }));

async function fill(user: UserEvent, name: string): Promise<void> {
  await screen.findByRole('radio', { name: /Medusa/ });
  await user.type(await screen.findByLabelText('Name'), name);
}

it('a good form leads to the page of the new store, with focus on its heading', async () => {
  const world = buildWorld();
  const { user, router } = renderPage(world, '/stores/new');
  await fill(user, '  Corner Books ');
  await send(user);
  const heading = await screen.findByRole('heading', { name: 'Corner Books' });
  expect(router.state.location.pathname).toBe('/stores/n3w5t0re');
  await waitFor(() => expect(document.activeElement).toBe(heading));
  expect(posts(world)).toHaveLength(1);
  expect(posts(world)[0]?.body).toEqual({ name: 'Corner Books', engine: 'medusa', plan: 'S' });
});

it('a double click sends one wish with one key', async () => {
  const world = buildWorld();
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await user.dblClick(screen.getByRole('button', { name: 'Create store' }));
  await screen.findByRole('heading', { name: 'Corner Books' });
  expect(new Set(posts(world).map((call) => call.idempotencyKey)).size).toBe(1);
  expect(posts(world)).toHaveLength(1);
});

it('a name that is taken links the store that has it; another name is another wish', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  world.overrides.set(
    'POST /api/stores',
    problem(409, 'store.name-taken', { storeId: 'k7m2qpl4', name: 'Harbour Coffee' }),
  );
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Harbour Coffee');
  await send(user);
  expect(await screen.findByText('You already have “Harbour Coffee”. Open it or choose another name.')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Open it' }).getAttribute('href')).toBe('/stores/k7m2qpl4');
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));

  world.overrides.clear();
  await user.type(screen.getByLabelText('Name'), ' 2');
  expect(screen.queryByText(/You already have/)).toBeNull();
  await send(user);
  await screen.findByRole('heading', { name: 'Harbour Coffee 2' });
  const keys = posts(world).map((call) => call.idempotencyKey);
  expect(new Set(keys).size).toBe(2);
});

it('503 keeps the form, counts down, and sends the same key again', async () => {
  const world = buildWorld();
  world.overrides.set('POST /api/stores', { ...problem(503, 'redis.unavailable'), headers: { 'retry-after': '30' } });
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await send(user);
  expect(await screen.findByText(/Urumi cannot record requests now. Nothing changed./)).toBeTruthy();
  expect(screen.getByText(/Next try in (30|29) s/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Corner Books');

  world.overrides.clear();
  await user.click(screen.getByRole('button', { name: 'Try now' }));
  await screen.findByRole('heading', { name: 'Corner Books' });
  expect(posts(world)).toHaveLength(2);
  expect(posts(world)[0]?.idempotencyKey).toBe(posts(world)[1]?.idempotencyKey);
});

it('a broken connection says that no second store can come of it', async () => {
  const world = buildWorld();
  world.overrides.set('POST /api/stores', 'cut');
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await send(user);
  expect(await screen.findByText(/Not confirmed yet. Trying again; this cannot make a second store./)).toBeTruthy();
});

it('an empty form is never sent: the fault stands at the field and takes the focus', async () => {
  const world = buildWorld();
  const { user } = renderPage(world, '/stores/new');
  await screen.findByRole('radio', { name: /Medusa/ });
  await send(user);
  expect(await screen.findByText('Give the store a name.')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
  expect(posts(world)).toEqual([]);
});

it('faults of the api stand at their fields', async () => {
  const world = buildWorld();
  world.overrides.set(
    'POST /api/stores',
    problem(
      400,
      'request.invalid',
      {},
      { errors: [{ field: 'plan', code: 'request.value-unknown', message: 'Sizes are S, M, L.' }] },
    ),
  );
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await send(user);
  expect(await screen.findByText('Sizes are S, M, L.')).toBeTruthy();
});

it('an own address is asked for under Advanced, judged by the rules of the api, and sent with the wish', async () => {
  const world = buildWorld();
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  expect(screen.queryByRole('textbox', { name: 'Address' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Advanced' }));
  const address = screen.getByRole('textbox', { name: 'Address' });
  expect(document.activeElement).toBe(address);
  expect(screen.getByText(/Left empty, one is made for you/)).toBeTruthy();
  await user.type(address, 'Corner Books');
  await send(user);
  expect(await screen.findByText(/An address has lower-case letters, digits and hyphens only/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(address));
  expect(posts(world)).toEqual([]);

  await user.clear(address);
  await user.type(address, 'corner');
  expect(screen.getByText('Address: corner.localhost')).toBeTruthy();
  // Folded away it is still what the form says above.
  await user.click(screen.getByRole('button', { name: 'Advanced' }));
  expect(screen.queryByRole('textbox', { name: 'Address' })).toBeNull();
  await send(user);
  await screen.findByRole('heading', { name: 'Corner Books' });
  expect(posts(world).map(({ body }) => body)).toEqual([
    { name: 'Corner Books', engine: 'medusa', plan: 'S', host: 'corner' },
  ]);
});

it('an address that is taken is said at its field, also where that was folded; another one is another wish', async () => {
  const world = buildWorld();
  world.overrides.set('POST /api/stores', problem(409, 'store.host-taken'));
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await user.click(screen.getByRole('button', { name: 'Advanced' }));
  await user.type(screen.getByRole('textbox', { name: 'Address' }), 'corner');
  await user.click(screen.getByRole('button', { name: 'Advanced' }));
  await send(user);
  expect(await screen.findByText(/This address belongs to another store/)).toBeTruthy();
  const address = screen.getByRole('textbox', { name: 'Address' });
  await waitFor(() => expect(document.activeElement).toBe(address));

  world.overrides.clear();
  await user.type(address, '2');
  await send(user);
  await screen.findByRole('heading', { name: 'Corner Books' });
  expect(new Set(posts(world).map((call) => call.idempotencyKey)).size).toBe(2);
});

it('the limit is told with its numbers', async () => {
  const world = buildWorld();
  world.overrides.set('POST /api/stores', problem(429, 'quota.stores-exceeded', { stores: 50, storesMax: 50 }));
  const { user } = renderPage(world, '/stores/new');
  await fill(user, 'Corner Books');
  await send(user);
  expect(await screen.findByText('You have 50 of 50 stores. Delete one or ask your operator for more.')).toBeTruthy();
});

it('a long name is judged while typing, before it is sent', async () => {
  const { user } = renderPage(buildWorld(), '/stores/new');
  await fill(user, 'x'.repeat(64));
  expect(await screen.findByText('A name has at most 63 characters. This one has 64.')).toBeTruthy();
});

it('an engine that cannot be chosen shows why and stays unchosen', async () => {
  const { user } = renderPage(buildWorld(), '/stores/new');
  const woocommerce = await screen.findByRole<HTMLInputElement>('radio', { name: /WooCommerce/ });
  expect(screen.getByText(/The archive of the WooCommerce plugin was not given/)).toBeTruthy();
  await user.click(woocommerce);
  expect(woocommerce.checked).toBe(false);
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /Medusa/ }).checked).toBe(true);
});

it('an engine that becomes available while the form is open can be chosen without a reload', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    const world = buildWorld();
    renderPage(world, '/stores/new');
    const user = userEvent.setup({ advanceTimers: (ms) => void vi.advanceTimersByTime(ms) });
    await user.type(await screen.findByLabelText('Name'), 'Corner Books');
    await screen.findByText(/The archive of the WooCommerce plugin was not given/);
    const items = engineList.map((engine) =>
      engine.id === 'woocommerce' ? { ...engine, version: '11.0.1', available: true, unavailableReason: null } : engine,
    );
    world.overrides.set('GET /api/engines', { status: 200, body: { items } });
    await vi.advanceTimersByTimeAsync(5_000);
    await screen.findByText('11.0.1');
    await user.click(screen.getByRole('radio', { name: /WooCommerce/ }));
    await user.click(screen.getByRole('button', { name: 'Create store' }));
    await screen.findByRole('heading', { name: 'Corner Books' });
    expect(posts(world)[0]?.body).toEqual({ name: 'Corner Books', engine: 'woocommerce', plan: 'S' });
  } finally {
    vi.useRealTimers();
  }
});
