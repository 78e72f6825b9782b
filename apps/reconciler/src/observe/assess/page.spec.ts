import { describe, expect, it } from 'vitest';
import type { PageEvidence } from '../snapshot.ts';
import { assessPage } from './page.ts';

const failure = 'the page answers 503';

describe('the page', () => {
  it.each<[string, PageEvidence, boolean, string, string]>([
    ['that was not asked for', { kind: 'not-asked' }, false, 'waiting', 'waits for the rest'],
    ['that passed', { kind: 'passed' }, false, 'ready', 'shows the shop and a product'],
    ['behind a broken route', { kind: 'route-at-fault' }, true, 'waiting', 'the way to all shops is disturbed'],
    [
      'of a shop that just started',
      { kind: 'failed', failure, isLasting: false },
      false,
      'waiting',
      'not answering yet',
    ],
  ])('%s', (_what, page, served, state, detail) => {
    expect(assessPage({ page, served, host: 'a.localhost' })).toMatchObject({
      component: { name: 'page', state, detail },
      fault: null,
    });
  });

  it.each([
    ['fails for long', false, true],
    ['fails once it had served', true, false],
  ])('that %s is at fault', (_what, served, isLasting) => {
    expect(assessPage({ page: { kind: 'failed', failure, isLasting }, served, host: 'a.localhost' }).fault).toEqual({
      reason: 'PageFailing',
      object: 'Page of a.localhost',
      message: failure,
      log: null,
    });
  });
});
