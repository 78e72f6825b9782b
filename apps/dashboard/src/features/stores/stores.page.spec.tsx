import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import {
  buildMe,
  buildMetrics,
  buildStatus,
  buildStore,
  sampleStores,
  secondsAgo,
  startingCluster,
} from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld, problem } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

const rowOf = async (name: string) => {
  const row = (await screen.findByRole('link', { name })).closest('[role=row]');
  if (!(row instanceof HTMLElement)) throw new Error(`no row for ${name}`);
  return within(row);
};
/** As when the person comes back to the tab. */
const lookAgain = () => fireEvent(window, new Event('visibilitychange'));

it('a row tells status by word and sentence, address, engine and age', async () => {
  renderPage(buildWorld({ stores: [sampleStores.degraded, sampleStores.ready] }), '/stores');
  const row = await rowOf('Harbour Coffee');
  expect(row.getByText('Ready')).toBeTruthy();
  expect(row.getByText('Shop page shows products')).toBeTruthy();
  expect(row.getByRole('link', { name: 'k7m2qpl4.localhost' }).getAttribute('href')).toBe(
    'http://k7m2qpl4.localhost:8080',
  );
  expect(row.getByText('Medusa')).toBeTruthy();
  expect(row.getAllByText('4 h')).toHaveLength(2);
});

it('names are shown as typed and never as markup', async () => {
  const name = '<img src=x onerror=alert(1)> {{ }} --kubeconfig=x';
  renderPage(buildWorld({ stores: [buildStore({ name })] }), '/stores');
  expect(await screen.findByRole('link', { name })).toBeTruthy();
});

it('new stores wait until they are asked for, rows change in place', async () => {
  const world = buildWorld({ stores: [sampleStores.provisioning] });
  const { user } = renderPage(world, '/stores');
  await rowOf(sampleStores.provisioning.name);
  world.stores = [
    sampleStores.queued,
    { ...sampleStores.provisioning, status: buildStatus('ready', 'Healthy', 1, true) },
  ];
  lookAgain();
  const more = await screen.findByRole('button', { name: 'Show 1 new' });
  expect((await rowOf(sampleStores.provisioning.name)).getByText('Ready')).toBeTruthy();
  expect(screen.queryByText('Tea & Biscuits')).toBeNull();
  await user.click(more);
  expect(await screen.findByText('Tea & Biscuits')).toBeTruthy();
});

it('a deleted store stays, marked, until the list is caught up', async () => {
  const world = buildWorld({ stores: [sampleStores.ready, sampleStores.deleting] });
  const { user } = renderPage(world, '/stores');
  await rowOf('Old Demo');
  world.stores = [sampleStores.ready];
  lookAgain();
  expect(await screen.findByText('Deleted. Nothing is left of it')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Remove 1 that left' }));
  expect(screen.queryByText('Old Demo')).toBeNull();
});

it('filters go into the address and to the api; nothing found says what was asked', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  const { user, router } = renderPage(world, '/stores');
  await rowOf('Harbour Coffee');
  await user.type(screen.getByLabelText('Search by name, address or id'), 'cofee');
  expect(await screen.findByText('No store matches “cofee”')).toBeTruthy();
  expect(router.state.location.search).toEqual({ q: 'cofee' });
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(await screen.findByText('Harbour Coffee')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Search by name, address or id').value).toBe('');
});

it('what needs attention is one click away', async () => {
  const { user, router } = renderPage(buildWorld({ stores: [sampleStores.ready, sampleStores.failed] }), '/stores');
  await user.click(await screen.findByRole('button', { name: '3 need attention' }));
  await waitFor(() => expect(router.state.location.search).toEqual({ status: 'degraded,failed' }));
  await waitFor(() => expect(screen.queryByText('Harbour Coffee')).toBeNull());
  expect(screen.getByText('Café Olé')).toBeTruthy();
});

it('a failed load never looks empty', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  world.overrides.set('GET /api/stores', problem(500, 'invariant.broken'));
  const { user } = renderPage(world, '/stores');
  expect(await screen.findByText('Your stores could not be loaded')).toBeTruthy();
  world.overrides.clear();
  await user.click(screen.getByRole('button', { name: 'Load stores again' }));
  expect(await screen.findByText('Harbour Coffee')).toBeTruthy();
});

it('no stores yet: what belongs here, and the first action', async () => {
  renderPage(buildWorld(), '/stores');
  expect(await screen.findByRole('link', { name: 'Create your first store' })).toBeTruthy();
});

it('an api that goes away leaves the last known list', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  renderPage(world, '/stores');
  await rowOf('Harbour Coffee');
  for (const path of ['stores', 'me', 'metrics']) world.overrides.set(`GET /api/${path}`, 'cut');
  lookAgain();
  expect(await screen.findByText('Reconnecting')).toBeTruthy();
  expect(screen.getByText('Harbour Coffee')).toBeTruthy();
});

it('old proof makes the rows last known', async () => {
  const world = buildWorld({ stores: [sampleStores.ready], lastPassAt: secondsAgo(700) });
  world.metrics = { ...world.metrics, lastPassAt: secondsAgo(700) };
  renderPage(world, '/stores');
  expect(await screen.findByText('Not checked since 13:51')).toBeTruthy();
  expect((await rowOf('Harbour Coffee')).getByText('Was ready at 13:51')).toBeTruthy();
});

it('a fault of the way to all shops is told, and the rows are of before it', async () => {
  const metrics = buildMetrics({ routeAtFaultSince: secondsAgo(95) });
  renderPage(buildWorld({ stores: [sampleStores.ready], metrics }), '/stores');
  expect(await screen.findByText(/^Shops cannot be checked from here since 14:01/)).toBeTruthy();
  expect((await rowOf('Harbour Coffee')).getByText('Was ready at 14:01')).toBeTruthy();
});

it('while the cluster starts: how far it is, and the stores that wait', async () => {
  renderPage(buildWorld({ stores: [sampleStores.queued], me: buildMe({ cluster: startingCluster }) }), '/stores');
  const panel = within(await screen.findByRole('region', { name: 'Cluster' }));
  expect(panel.getByText('42 %, about 13 min left')).toBeTruthy();
  expect(panel.getByText('Building Kubernetes from source.')).toBeTruthy();
  expect(await screen.findByText('Tea & Biscuits')).toBeTruthy();
});

it('an unchanged list is asked for by its tag', async () => {
  const world = buildWorld({ stores: [sampleStores.ready] });
  renderPage(world, '/stores');
  await rowOf('Harbour Coffee');
  lookAgain();
  await waitFor(() =>
    expect(world.calls.filter((call) => call.path === '/api/stores').at(-1)?.ifNoneMatch).toMatch(/^"\d+"$/),
  );
  expect(screen.getByText('Harbour Coffee')).toBeTruthy();
});

it('/ searches, ? helps; letters stay letters inside fields', async () => {
  const { user, router } = renderPage(buildWorld({ stores: [sampleStores.ready] }), '/stores');
  await rowOf('Harbour Coffee');
  await user.keyboard('/');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Search by name, address or id')));
  await user.keyboard('c');
  expect(router.state.location.pathname).toBe('/stores');
  await user.click(document.body);
  await user.keyboard('?');
  expect(await screen.findByText('Single letters act outside fields')).toBeTruthy();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByText('Single letters act outside fields')).toBeNull());
  // The dialog gives the focus back a moment after it is gone, and not in one step: a letter of now could go anywhere.
  await waitFor(() => expect(document.activeElement).toBe(document.body));
});

it('c creates where no field has the focus', async () => {
  const { user, router } = renderPage(buildWorld({ stores: [sampleStores.ready] }), '/stores');
  await rowOf('Harbour Coffee');
  await user.click(document.body);
  await user.keyboard('c');
  await waitFor(() => expect(router.state.location.pathname).toBe('/stores/new'));
});
