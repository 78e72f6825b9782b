import type { StoreRecord } from './store.ts';
import { describe, expect, it } from 'vitest';
import {
  allReady,
  applied,
  ensured,
  failedTry,
  requested,
  requestOf,
  seen,
  started,
  storyStart,
  tell,
} from '../testing/story.ts';
import type { StoreEvent } from './events.ts';
import { deriveSteps, measureFirstRun, measureStep } from './steps.ts';

/** One letter per step in order: waiting, running, done, failed. */
function show(record: StoreRecord): string {
  return deriveSteps(record)
    .map(({ state }) => ({ waiting: '.', running: 'r', done: 'd', failed: 'F' })[state])
    .join('');
}

const installed = [requested, started(), ensured(), applied()] as const;
const woocommerce = [requestOf('woocommerce'), started(), ensured(), applied()] as const;
const served = [...installed, seen(allReady, 'healthy', 'Healthy')] as const;
const gaveUp = { type: 'GaveUp', generation: 1, failure: { code: 'helm.timed-out', message: '' } } as const;
const lost = { type: 'NamespaceLost', generation: 1, fingerprint: 'f' } as const;
const late = { type: 'DeadlinePassed', generation: 1 } as const;
const retry = { type: 'RetryRequested', recreate: false } as const;
const remake = { type: 'RetryRequested', recreate: true } as const;
const deletion = { type: 'DeletionRequested' } as const;

//            namespace release database storefront setup page
const rows: readonly [what: string, steps: string, record: StoreRecord][] = [
  ['just requested', '......', tell(requested)],
  ['a worker began', 'r.....', tell(requested, started())],
  ['the namespace is there', 'dr....', tell(requested, started(), ensured())],
  ['a try failed, another will come', 'dr....', tell(requested, started(), ensured(), failedTry())],
  ['installed, nothing seen yet', 'dd....', tell(...installed)],
  [
    'everything starts',
    'ddrrrr',
    tell(...installed, seen({ database: 'waiting', server: 'waiting', setup: 'waiting', page: 'waiting' })),
  ],
  [
    'the database is up',
    'dddrr.',
    tell(...installed, seen({ database: 'ready', server: 'waiting', setup: 'waiting' })),
  ],
  ['the storefront without its server', 'dddr..', tell(...installed, seen({ database: 'ready', storefront: 'ready' }))],
  [
    'the server without its storefront',
    'dddr..',
    tell(...installed, seen({ database: 'ready', server: 'ready', storefront: 'waiting' })),
  ],
  [
    'the page is left',
    'dddddr',
    tell(...installed, seen({ ...allReady, page: 'waiting' }, 'progressing', 'AwaitingPage')),
  ],
  ['ready', 'dddddd', tell(...served)],
  [
    'the setup Job is gone after its success',
    'dddddd',
    tell(...served, seen({ ...allReady, setup: 'missing' }, 'healthy', 'Healthy')),
  ],
  [
    'an image cannot be pulled',
    'dddFr.',
    tell(
      ...installed,
      seen({ database: 'ready', server: 'failing', setup: 'waiting' }, 'hindered', 'ImagePullFailing'),
    ),
  ],
  [
    'the deadline passed with a named hindrance',
    'dddF..',
    tell(
      ...installed,
      seen({ database: 'ready', server: 'failing', setup: 'waiting' }, 'hindered', 'ImagePullFailing'),
      late,
    ),
  ],
  [
    'the deadline passed while waiting',
    'dddF..',
    tell(...installed, seen({ database: 'ready', server: 'waiting', setup: 'waiting' }), late),
  ],
  ['given up before the namespace', 'F.....', tell(requested, started(), gaveUp)],
  ['given up before the release', 'dF....', tell(requested, started(), ensured(), gaveUp)],
  [
    'a ready store lost a part',
    'dddFdd',
    tell(...served, seen({ ...allReady, server: 'failing' }, 'unhealthy', 'CrashLooping')),
  ],
  [
    'retried: old failures are not this wish',
    'dr....',
    tell(...installed, seen({ server: 'failing' }, 'hindered', 'CrashLooping'), late, retry, started(2)),
  ],
  [
    'retried, parts still up count',
    'd.d...',
    tell(...installed, seen({ database: 'ready', server: 'failing' }, 'hindered', 'CrashLooping'), late, retry),
  ],
  [
    'retried and applied, evidence still of the older wish',
    'ddd...',
    tell(
      ...installed,
      seen({ database: 'ready', server: 'failing' }, 'hindered', 'CrashLooping'),
      late,
      retry,
      started(2),
      applied(2),
    ),
  ],
  ['namespace lost', 'F.....', tell(...served, lost)],
  ['lost, to be made again', '......', tell(...served, lost, remake)],
  ['lost, being made again', 'r.....', tell(...served, lost, remake, started(2))],
  ['lost, made again', 'dr....', tell(...served, lost, remake, started(2), ensured(2, 'uid-2'))],
  [
    'one web serves, its data comes with the database',
    'dddrr.',
    tell(...woocommerce, seen({ database: 'ready', web: 'waiting', setup: 'waiting' })),
  ],
  [
    'one web is up, its page is left',
    'ddddrr',
    tell(
      ...woocommerce,
      seen({ database: 'ready', web: 'ready', setup: 'waiting', page: 'waiting' }, 'progressing', 'AwaitingPage'),
    ),
  ],
  [
    'one web with its page',
    'dddddd',
    tell(
      ...woocommerce,
      seen({ database: 'ready', web: 'ready', setup: 'ready', page: 'ready' }, 'healthy', 'Healthy'),
    ),
  ],
  [
    'the database refuses the password',
    'dddFr.',
    tell(...woocommerce, seen({ database: 'ready', web: 'failing', setup: 'waiting' }, 'hindered', 'DatabaseRefused')),
  ],
  ['deleted on the way: nothing runs', 'd.....', tell(requested, started(), ensured(), deletion)],
];

describe('the steps of a wish', () => {
  it.each(rows)('%s: %s', (_what, steps, record) => {
    expect(show(record)).toBe(steps);
  });

  it('tell when each began and ended, how long it took, and in which try', () => {
    const begin = (step: 'namespace' | 'release'): StoreEvent => ({ type: 'StepBegan', step });
    const record = tell(
      requested,
      started(),
      failedTry(),
      { ...started(), fence: 2 } as StoreEvent,
      begin('namespace'),
      ensured(),
      begin('release'),
      applied(),
      seen({ database: 'ready', server: 'waiting', setup: 'waiting' }),
    );
    const at = (second: number) => storyStart + second * 1_000;
    const shown = deriveSteps(record).map((step) => [
      step.name,
      step.startedAt,
      step.endedAt,
      measureStep(step),
      step.attempt,
    ]);
    expect(shown).toEqual([
      ['namespace', at(4), at(5), 1_000, 2],
      ['release', at(6), at(7), 1_000, 2],
      ['database', at(7), at(8), 1_000, null],
      ['storefront', at(7), null, null, null],
      ['setup', at(7), null, null, null],
      ['page', null, null, null, null],
    ]);
  });

  it('of a change tell what was kept from before without a length of its own', () => {
    const change: StoreEvent = { type: 'ChangeRequested', plan: 'M' };
    const record = tell(...served, change, started(2), applied(2), seen(allReady, 'healthy', 'Healthy', 2));
    const lengths = Object.fromEntries(deriveSteps(record).map((step) => [step.name, measureStep(step)]));
    expect(lengths).toMatchObject({ release: 1_000, storefront: 1_000, database: 1_000 });
    const during = tell(...served, change, started(2));
    expect(deriveSteps(during).find(({ name }) => name === 'release')).toMatchObject({ state: 'running', attempt: 1 });
  });
});

describe('the lengths of a first run', () => {
  const before = tell(...installed);
  const ready = tell(...served);

  it('are known once a store is ready for the first time', () => {
    expect(measureFirstRun(before, ready)).toEqual({
      namespace: 1_000,
      release: 2_000,
      database: 1_000,
      storefront: 1_000,
      setup: 1_000,
      page: 0,
    });
  });

  it.each<[string, StoreRecord | null, StoreRecord]>([
    ['a store that served before', ready, ready],
    ['a store that is not ready', tell(requested), before],
    ['a record that was rebuilt', before, { ...ready, release: { ...ready.release, namespaceStart: null } }],
  ])('are not told of %s', (_what, previous, next) => {
    expect(measureFirstRun(previous, next)).toBeNull();
  });
});
