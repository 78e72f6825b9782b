import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import { buildStatus, buildSteps, sampleStores } from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld, problem, type World } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

const calls = (world: World, method: string) => world.calls.filter((call) => call.method === method);

it('a store that served is deleted only by its name, typed', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user } = renderPage(world, '/stores/k7m2qpl4');
  await user.click(await screen.findByRole('button', { name: 'Delete store' }));
  const confirm = () => screen.getAllByRole('button', { name: 'Delete store' }).at(-1) ?? document.body;
  await user.click(confirm());
  expect(screen.getByText('This is not its name yet. Upper and lower case count.')).toBeTruthy();
  expect(calls(world, 'DELETE')).toEqual([]);

  await user.type(screen.getByLabelText('Type the name to delete it: Harbour Coffee'), 'Harbour Coffee');
  await user.click(confirm());
  await waitFor(() => expect(calls(world, 'DELETE')).toHaveLength(1));
  expect(await screen.findByText('Deleting')).toBeTruthy();
});

it('a store that never served takes a click, with focus on the way back', async () => {
  const world = buildWorld({ stores: [sampleStores.failed] });
  const { user } = renderPage(world, '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Delete store' }));
  expect(await screen.findByText(/It has never served a page/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Keep store' })));
  await user.click(screen.getAllByRole('button', { name: 'Delete store' }).at(-1) ?? document.body);
  await waitFor(() => expect(calls(world, 'DELETE')).toHaveLength(1));
});

it('a delete that cannot be recorded keeps the dialog, with the sentence', async () => {
  const world = buildWorld({ stores: [sampleStores.failed] });
  world.overrides.set('DELETE /api/stores/f8x3b7ce', problem(503, 'redis.unavailable'));
  const { user } = renderPage(world, '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Delete store' }));
  await user.click(screen.getAllByRole('button', { name: 'Delete store' }).at(-1) ?? document.body);
  expect(await screen.findByText('Urumi cannot record requests now. Nothing changed.')).toBeTruthy();
});

it('trouble is explained: cause, meaning, what to do, evidence', async () => {
  renderPage(buildWorld({ stores: [sampleStores.failed] }), '/stores/f8x3b7ce');
  expect(await screen.findByRole('heading', { name: 'Adding products failed' })).toBeTruthy();
  expect(screen.getByText('The shop has not opened yet, so there are no orders to lose.')).toBeTruthy();
  expect(screen.getByText(/settings and products are applied again, data stays/)).toBeTruthy();
  expect(screen.getByText('Job store-setup-1-4be1c9a2')).toBeTruthy();
  expect(screen.getByText(/setup: ended with code 1/)).toBeTruthy();
});

it('a cause that a part names itself is told at the part and as the cause', async () => {
  const sentence = 'The database refuses the password. Give it the one of the Secret again.';
  const store = {
    ...sampleStores.degraded,
    engine: 'woocommerce' as const,
    status: buildStatus('degraded', 'DatabaseRefused'),
    retryHelps: false,
    components: [
      { name: 'database' as const, state: 'ready' as const, detail: 'available' },
      { name: 'web' as const, state: 'failing' as const, detail: sentence },
    ],
    explanation: { object: 'Component web', message: sentence, logLines: [], events: [] },
  };
  renderPage(buildWorld({ stores: [store] }), `/stores/${store.id}`);
  expect(await screen.findByRole('heading', { name: 'The database refuses the password of the shop' })).toBeTruthy();
  expect(screen.getByText(/Ask your operator to bring both together/)).toBeTruthy();
  expect(screen.getAllByText(/The database refuses the password\. Give it/).length).toBeGreaterThanOrEqual(2);
  expect(screen.getByText('Shop')).toBeTruthy();
});

it('copy all holds what the page shows', async () => {
  const { user } = renderPage(buildWorld({ stores: [sampleStores.failed] }), '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Copy all' }));
  const text = await navigator.clipboard.readText();
  expect(text).toContain('Café Olé (f8x3b7ce), medusa, size S');
  expect(text).toContain('Job store-setup-1-4be1c9a2: Product list, line 14: no price.');
  expect(text).toContain('setup: ended with code 1');
});

it('a retry acts at once; one that is not allowed says why', async () => {
  const world = buildWorld({ stores: [sampleStores.failed] });
  const { user } = renderPage(world, '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Retry store' }));
  await waitFor(() => expect(calls(world, 'POST').at(0)?.body).toEqual({ recreate: false }));
  expect(await screen.findByText('Trying Café Olé again')).toBeTruthy();
});

it('what is not allowed stays in reach with its reason', async () => {
  const world = buildWorld({ stores: [sampleStores.hindered] });
  const { user } = renderPage(world, '/stores/h5d7m3qa');
  const retry = await screen.findByRole('button', { name: 'Retry store' });
  expect(retry.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByText('Urumi is still trying.').id).toBe(retry.getAttribute('aria-describedby'));
  await user.click(retry);
  expect(calls(world, 'POST')).toEqual([]);
});

it('a lost store is made again only by its name, typed', async () => {
  const world = buildWorld({ stores: [sampleStores.lost] });
  const { user } = renderPage(world, '/stores/l5t9g2yr');
  await user.click(await screen.findByRole('button', { name: 'Recreate empty' }));
  await user.type(screen.getByLabelText(/Type the name to recreate it/), 'Second Hand Synths');
  await user.click(screen.getAllByRole('button', { name: 'Recreate empty' }).at(-1) ?? document.body);
  await waitFor(() => expect(calls(world, 'POST').at(0)?.body).toEqual({ recreate: true }));
});

it('steps that finish while somebody looks stay open; a store that is done shows one line', async () => {
  const world = buildWorld({ stores: [sampleStores.provisioning] });
  renderPage(world, `/stores/${sampleStores.provisioning.id}`);
  expect(await screen.findByText('Check shop page')).toBeTruthy();
  world.stores = [
    {
      ...sampleStores.provisioning,
      status: buildStatus('ready', 'Healthy', 1, true),
      steps: buildSteps(6, 'done', 24),
    },
  ];
  fireEvent(window, new Event('visibilitychange'));
  expect(await screen.findByRole('heading', { name: /Made in/ })).toBeTruthy();
  expect(screen.getByText('Check shop page')).toBeTruthy();
});

it('an unknown id says so', async () => {
  renderPage(buildWorld(), '/stores/zzzzzzzz');
  expect(await screen.findByRole('heading', { name: 'No store has this id' })).toBeTruthy();
});

it('an unknown address has a way back', async () => {
  renderPage(buildWorld(), '/nowhere');
  expect(await screen.findByRole('link', { name: 'Go to your stores' })).toBeTruthy();
});
