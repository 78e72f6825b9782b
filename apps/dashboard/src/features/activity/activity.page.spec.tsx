import { fireEvent, screen } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropToken } from '../../api/session.ts';
import { activityList, secondsAgo } from '../../testing/fixtures.ts';
import { renderPage, server } from '../../testing/render-page.tsx';
import { buildWorld } from '../../testing/world.ts';

beforeAll(() => server.listen());
afterEach(dropToken);
afterAll(() => server.close());

it('entries stand under their day, with who, what and where', async () => {
  renderPage(buildWorld(), '/activity');
  expect(await screen.findByRole('heading', { name: 'Today' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Yesterday' })).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Wool and Needle' }).getAttribute('href')).toBe('/stores/c9f4j6ws');
});

it('new entries wait until they are asked for', async () => {
  const world = buildWorld();
  const { user } = renderPage(world, '/activity');
  await screen.findByRole('heading', { name: 'Today' });
  world.activity = [
    {
      id: '10',
      at: secondsAgo(0),
      actor: 'admin',
      storeId: 'k7m2qpl4',
      storeName: 'Harbour Coffee',
      type: 'DeletionRequested',
      text: 'Asked to delete it',
    },
    ...activityList,
  ];
  fireEvent(window, new Event('visibilitychange'));
  await user.click(await screen.findByRole('button', { name: 'Show 1 new' }));
  expect(screen.getByText('Asked to delete it')).toBeTruthy();
});
