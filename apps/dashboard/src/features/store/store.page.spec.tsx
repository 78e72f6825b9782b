import { adviseOnReason } from '@urumi/shared/domain/advice';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import {
  buildMetrics,
  buildStatus,
  buildSteps,
  buildTroubledTimeline,
  sampleStores,
  secondsAgo,
} from '../../testing/fixtures.ts';
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
  expect(screen.getByText(/setup is safe to repeat and data stays/)).toBeTruthy();
  expect(screen.getByText('A retry can help.')).toBeTruthy();
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
    explanation: {
      object: 'Component web',
      message: sentence,
      logLines: [],
      events: [],
      ...adviseOnReason('DatabaseRefused'),
      command: null,
      at: null,
    },
  };
  renderPage(buildWorld({ stores: [store] }), `/stores/${store.id}`);
  expect(await screen.findByRole('heading', { name: 'The database refuses the password of the shop' })).toBeTruthy();
  expect(screen.getByText(/Give the database’s user the password/)).toBeTruthy();
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
  expect(screen.getByText('Urumi is still working on this store.').id).toBe(retry.getAttribute('aria-describedby'));
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

it('every step tells when it began and how long it took', async () => {
  renderPage(buildWorld({ stores: [sampleStores.provisioning] }), `/stores/${sampleStores.provisioning.id}`);
  const step = (await screen.findByText('Install')).closest('li');
  expect(step?.textContent).toBe('Install: Done. Began 14:02:25. Took 6 s');
});

it('a step past its usual time says so', async () => {
  renderPage(buildWorld({ stores: [sampleStores.slow] }), `/stores/${sampleStores.slow.id}`);
  expect(await screen.findByText('Longer than usual (45 s)')).toBeTruthy();
});

it('trouble opens once: folded away it stays so, until another trouble comes', async () => {
  const world = buildWorld({ stores: [sampleStores.failed] });
  const { user } = renderPage(world, '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Hide details' }));
  world.stores = [{ ...sampleStores.failed, observedAt: secondsAgo(1) }];
  fireEvent(window, new Event('visibilitychange'));
  await waitFor(() =>
    expect(calls(world, 'GET').filter(({ path }) => path.endsWith('f8x3b7ce')).length).toBeGreaterThan(1),
  );
  expect(screen.queryByText(/ended with code 1/)).toBeNull();

  world.stores = [{ ...sampleStores.failed, status: buildStatus('failed', 'DeadlinePassed', 1, true) }];
  fireEvent(window, new Event('visibilitychange'));
  expect(await screen.findByText(/setup: ended with code 1/)).toBeTruthy();
});

it('a try that failed waits folded; its step leads to why', async () => {
  const { user } = renderPage(buildWorld({ stores: [sampleStores.retrying] }), '/stores/r6y2h8bd');
  await user.click(await screen.findByRole('button', { name: 'Show why' }));
  expect(screen.getByText('helm.timed-out: helm upgrade did not end within 300 s')).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: /installing took over 5 min/ }));
});

it('a refused installation is explained like any trouble', async () => {
  renderPage(buildWorld({ stores: [sampleStores.refused] }), '/stores/v5x7z2bc');
  expect(await screen.findByText(/has no owner label/)).toBeTruthy();
  expect(screen.getByText('A retry alone does not help.')).toBeTruthy();
});

it('history keeps what was seen with each failure', async () => {
  const world = buildWorld({ stores: [sampleStores.ready], timeline: buildTroubledTimeline(7_200) });
  const { user } = renderPage(world, '/stores/k7m2qpl4');
  const buttons = await screen.findAllByRole('button', { name: 'Show evidence' });
  expect(buttons).toHaveLength(2);
  await user.click(buttons[0] ?? document.body);
  expect(screen.getByText('Job store-setup-1-4be1c9a2')).toBeTruthy();
  expect(screen.getByText(/setup is safe to repeat/)).toBeTruthy();
});

it('a deleted store still tells what was seen last', async () => {
  const { user } = renderPage(buildWorld({ stores: [sampleStores.remembered] }), '/stores/x7z9b5de');
  await user.click(await screen.findByRole('button', { name: 'Show details' }));
  expect(screen.getByText('Pod store-web-7c5d8f9b4-q2w8e')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Delete store' })).toBeNull();
});

it('a stuck deletion names what holds it, with the command for an administrator', async () => {
  const { user } = renderPage(buildWorld({ stores: [sampleStores.stuck] }), '/stores/g7a5z3mj');
  expect(await screen.findByText(/held by finalizer example.com\/backup/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Copy command' }));
  expect(await navigator.clipboard.readText()).toBe('scripts/cleanup.sh g7a5z3mj');
  const stop = screen.getByRole('button', { name: 'Cancel deletion' });
  expect(stop.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByText('A deletion cannot be stopped.').id).toBe(stop.getAttribute('aria-describedby'));
});

it('a cancel acts at once', async () => {
  const world = buildWorld({ stores: [sampleStores.provisioning] });
  const { user } = renderPage(world, '/stores/p3v9r5tk');
  await user.click(await screen.findByRole('button', { name: 'Cancel creation' }));
  await waitFor(() => expect(calls(world, 'POST').map(({ path }) => path)).toEqual(['/api/stores/p3v9r5tk/cancel']));
  expect(await screen.findByText('Cancelled')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Cancel/ })).toBeNull();
});

it('a cancel that comes too late says so and shows the newest state', async () => {
  const world = buildWorld({ stores: [sampleStores.changing] });
  world.overrides.set('POST /api/stores/h7n9p3rt/cancel', problem(409, 'store.action-not-allowed'));
  const { user } = renderPage(world, '/stores/h7n9p3rt');
  await user.click(await screen.findByRole('button', { name: 'Cancel change' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The store is no longer in the state for this.');
});

it('a retry of a store whose data turns out to be gone asks for its name', async () => {
  const world = buildWorld({ stores: [sampleStores.failed] });
  world.overrides.set('POST /api/stores/f8x3b7ce/retry', problem(409, 'store.data-lost'));
  const { user } = renderPage(world, '/stores/f8x3b7ce');
  await user.click(await screen.findByRole('button', { name: 'Retry store' }));
  await user.click(await screen.findByRole('button', { name: 'Recreate empty' }));
  expect(screen.getByLabelText('Type the name to recreate it: Café Olé')).toBeTruthy();
});

it('a store that is ready on an old proof says when that was', async () => {
  renderPage(buildWorld({ stores: [sampleStores.unproven] }), '/stores/u4w6y8za');
  expect(await screen.findByText('Was ready at 13:57')).toBeTruthy();
  expect(screen.getByText('Last known:')).toBeTruthy();
});

it('without a pass for over 2 min everything is only last known', async () => {
  const metrics = buildMetrics({ lastPassAt: secondsAgo(700) });
  renderPage(buildWorld({ stores: [sampleStores.ready], metrics }), '/stores/k7m2qpl4');
  expect(await screen.findByText('Was ready at 13:51')).toBeTruthy();
});

it('an unknown id says so', async () => {
  renderPage(buildWorld(), '/stores/zzzzzzzz');
  expect(await screen.findByRole('heading', { name: 'No store has this id' })).toBeTruthy();
});

it('an unknown address has a way back', async () => {
  renderPage(buildWorld(), '/nowhere');
  expect(await screen.findByRole('link', { name: 'Go to your stores' })).toBeTruthy();
});
