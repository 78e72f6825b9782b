import { errorKinds, type ErrorCode } from '@urumi/shared/domain/errors';
import type { StoreEvent } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { TimelineEntry } from '@urumi/shared/domain/timeline-entry';
import { describe, expect, it } from 'vitest';
import {
  allReady,
  applied,
  ensured,
  failedTry,
  requested,
  seen,
  started,
  storyStart,
  tell,
} from '@urumi/shared/testing/story';
import { doesRetryHelp, explainRetry } from './permissions.ts';
import { toExpected } from './step-expectation.ts';
import { toDeletedView, toStoreView, toTimelineEntryView, waitsInLine, type StoreAddress } from './store.presenter.ts';

const address = { scheme: 'http', port: 8080 } as const;
const at = (queuePosition: number | null = null, where: StoreAddress = address) => {
  return { address: where, queuePosition, expected: toExpected([]) };
};
const served = [requested, started(), ensured(), applied(), seen(allReady, 'healthy', 'Healthy')] as const;
const giveUp = (code: ErrorCode) => ({ type: 'GaveUp', generation: 1, failure: { code, message: 'm' } }) as const;
const iso = (second: number) => new Date(storyStart + second * 1_000).toISOString();

describe('the view of a store', () => {
  it('shows a ready store whole', () => {
    expect(toStoreView(tell(...served), at(3))).toMatchObject({
      id: 'abcdefgh',
      name: 'Harbour',
      engine: 'medusa',
      plan: 'S',
      generation: 1,
      createdAt: iso(0),
      host: 'abcdefgh.shops.test',
      url: 'http://abcdefgh.shops.test:8080',
      adminUrl: 'http://abcdefgh.shops.test:8080/app',
      status: { value: 'ready', reason: 'Healthy', since: iso(4), settled: true },
      attempt: { startsUsed: 0, startsMax: 5, nextTryAt: null, failure: null },
      explanation: null,
      observedAt: iso(4),
      queuePosition: null,
      allowed: { delete: { allowed: true, reason: null }, retry: { allowed: false } },
      retryHelps: false,
      served: true,
      deletedAt: null,
    });
  });

  it.each([
    [{ scheme: 'http', port: 80 }, 'http://abcdefgh.shops.test'],
    [{ scheme: 'https', port: 443 }, 'https://abcdefgh.shops.test'],
    [{ scheme: 'https', port: 80 }, 'https://abcdefgh.shops.test:80'],
    [{ scheme: 'http', port: 8080 }, 'http://abcdefgh.shops.test:8080'],
  ] as const)('leaves the usual port out of the address: %o', (where, url) => {
    expect(toStoreView(tell(requested), at(null, where)).url).toBe(url);
  });

  it('shows the next try and why', () => {
    const { attempt } = toStoreView(tell(requested, started(), failedTry()), at());
    expect(attempt).toEqual({
      startsUsed: 1,
      startsMax: 5,
      nextTryAt: iso(6),
      failure: {
        code: 'helm.timed-out',
        message: 'took over 5 min',
        advice: expect.stringContaining('tried again'),
        at: iso(2),
      },
    });
  });

  it('forgets tries of an older wish', () => {
    const record = tell(requested, started(), giveUp('helm.timed-out'), { type: 'RetryRequested', recreate: false });
    expect(toStoreView(record, at()).attempt).toEqual({
      startsUsed: 0,
      startsMax: 5,
      nextTryAt: null,
      failure: null,
    });
  });

  it.each<[string, boolean, StoreRecord]>([
    ['queued', true, tell(requested)],
    ['provisioning', false, tell(requested, started())],
    ['ready', false, tell(...served)],
    ['deletion just asked', true, tell(...served, { type: 'DeletionRequested' })],
    [
      'deletion begun',
      false,
      tell(...served, { type: 'DeletionRequested' }, { type: 'TeardownStarted', generation: 2 }),
    ],
  ])('tells a place in line only where there is one: %s', (_what, waits, record) => {
    expect(waitsInLine(record)).toBe(waits);
    expect(toStoreView(record, at(7)).queuePosition).toBe(waits ? 7 : null);
  });

  it('of a deleted store is what the tombstone knows', () => {
    const { identity } = tell(requested);
    const view = toDeletedView(
      { identity, plan: 'M', host: 'a.shops.test', generation: 2, deletedAt: storyStart, explanation: null },
      address,
    );
    expect(view).toMatchObject({
      name: 'Harbour',
      plan: 'M',
      steps: [],
      deletedAt: iso(0),
      status: { value: 'deleted' },
    });
    expect([view.allowed.delete.allowed, view.allowed.retry.allowed, view.retryHelps]).toEqual([false, false, false]);
  });
});

describe('the command for an administrator', () => {
  const held = { object: 'configmaps/kept', message: 'held by finalizer x/y', logLines: [], events: [] };
  const torn = [...served, { type: 'DeletionRequested' }, { type: 'TeardownStarted', generation: 2 }] as const;
  const stuck = (reason: 'TeardownStalled' | 'NamespaceStuckTerminating') =>
    tell(...torn, { type: 'TeardownObserved', generation: 2, reason, explanation: held, fingerprint: 'f' });

  it.each(['TeardownStalled', 'NamespaceStuckTerminating'] as const)(
    'comes with a deletion that is held: %s',
    (reason) => {
      const { explanation } = toStoreView(stuck(reason), at());
      expect(explanation).toMatchObject({ message: 'held by finalizer x/y', command: 'scripts/cleanup.sh abcdefgh' });
    },
  );

  it('is the same in the timeline, and not where a try failed', () => {
    const entry = { at: storyStart, type: 'TeardownObserved', text: '', attempt: null } as const;
    const tellCommand = (cause: NonNullable<TimelineEntry['trouble']>['cause']) =>
      toTimelineEntryView({ ...entry, trouble: { cause, explanation: held } }, 'abcdefgh').explanation?.command;
    expect(tellCommand({ reason: 'NamespaceStuckTerminating' })).toBe('scripts/cleanup.sh abcdefgh');
    expect(tellCommand({ code: 'helm.timed-out' })).toBeNull();
  });

  it('is not there for trouble that no command ends, nor for what is gone', () => {
    const pull = seen({ server: 'failing' }, 'hindered', 'ImagePullFailing');
    const hindered = tell(requested, started(), ensured(), applied(), { ...pull, explanation: held } as StoreEvent);
    expect(toStoreView(hindered, at()).explanation).toMatchObject({ object: 'configmaps/kept', command: null });
    const { identity } = tell(requested);
    const tombstone = {
      identity,
      plan: 'S',
      host: 'a.shops.test',
      generation: 2,
      deletedAt: 1,
      explanation: held,
    } as const;
    expect(toDeletedView(tombstone, address).explanation?.command).toBeNull();
  });
});

describe('a retry', () => {
  const failed = (code: ErrorCode) => tell(requested, started(), giveUp(code));
  const hindered = (reason: 'ImagePullFailing' | 'Unschedulable') =>
    tell(requested, started(), ensured(), applied(), seen({}, 'hindered', reason), {
      type: 'DeadlinePassed',
      generation: 1,
    });

  it.each<[what: string, allowed: boolean, helps: boolean, record: StoreRecord]>([
    ['queued', false, false, tell(requested)],
    ['provisioning', false, false, tell(requested, started())],
    ['ready', false, false, tell(...served)],
    ['deleting', false, false, tell(...served, { type: 'DeletionRequested' })],
    ['given up on a time-out', true, true, failed('helm.timed-out')],
    ['all starts used', true, true, failed('store.starts-exhausted')],
    ['values the chart refuses', true, false, failed('helm.values-rejected')],
    ['a foreign namespace', true, false, failed('namespace.foreign')],
    ['an image that cannot be pulled', true, false, hindered('ImagePullFailing')],
    ['no room on any node', true, false, hindered('Unschedulable')],
    ['setup failed', true, true, tell(requested, started(), ensured(), applied(), seen({}, 'fatal', 'SetupFailed'))],
    ['namespace lost', true, true, tell(...served, { type: 'NamespaceLost', generation: 1, fingerprint: 'f' })],
  ])('%s: allowed %s, helps %s', (_what, allowed, helps, record) => {
    const permission = explainRetry(record);
    expect([permission.allowed, doesRetryHelp(record)]).toEqual([allowed, helps]);
    expect(permission.reason === null).toBe(allowed);
  });

  it('has an answer for every code', () => {
    for (const code of Object.keys(errorKinds) as ErrorCode[])
      expect(typeof doesRetryHelp(failed(code))).toBe('boolean');
  });
});
