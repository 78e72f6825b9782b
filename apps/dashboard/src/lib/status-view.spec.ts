import { reasons, type Reason } from '@urumi/shared/domain/verdict';
import { statuses, type StatusValue } from '@urumi/shared/domain/store';
import { describe, expect, it } from 'vitest';
import { buildStatus, buildSteps, buildStore, fixtureNow, sampleStores, secondsAgo } from '../testing/fixtures.ts';
import { findBannedWords } from '../testing/banned-words.ts';
import { reasonHeadlines, viewStatus } from './status-view.ts';

const every: readonly [StatusValue, Reason][] = statuses.flatMap((value) =>
  reasons.map((reason): [StatusValue, Reason] => [value, reason]),
);

describe('every status with every reason', () => {
  it.each(every)('%s, %s has a word, a sentence and a role', (value, reason) => {
    const store = buildStore({
      status: buildStatus(value, reason),
      steps: buildSteps(2),
      deletedAt: value === 'deleted' ? secondsAgo(60) : null,
    });
    const view = viewStatus(store, fixtureNow);
    expect(view.word).toMatch(/^[A-Z][a-z]+$/);
    expect(view.sentence).not.toMatch(/undefined|null|NaN|Invalid|\.$/);
    expect(view.sentence.length).toBeGreaterThan(5);
    expect(findBannedWords(view.sentence)).toEqual([]);
  });
});

const sentences: readonly [string, Parameters<typeof viewStatus>[0], string, string, string][] = [
  ['queued with a place', sampleStores.queued, 'Queued', 'idle', '4th in line'],
  ['queued, next', { ...sampleStores.queued, queuePosition: 1 }, 'Queued', 'idle', 'Next in line'],
  [
    'queued without a place',
    { ...sampleStores.queued, queuePosition: null },
    'Queued',
    'idle',
    'Starts as soon as a worker is free',
  ],
  [
    'queued while the cluster starts',
    { ...sampleStores.queued, status: buildStatus('queued', 'AwaitingCluster') },
    'Queued',
    'idle',
    'Waits for the cluster, then starts by itself',
  ],
  [
    'queued while creates pause',
    { ...sampleStores.queued, status: buildStatus('queued', 'CreatesPaused') },
    'Queued',
    'idle',
    'Waits: several new stores fail alike. Starts by itself',
  ],
  ['provisioning', sampleStores.provisioning, 'Provisioning', 'busy', 'Step 4 of 6, start shop'],
  ['retrying', sampleStores.retrying, 'Provisioning', 'busy', 'Try 3 of 5 at 14:03: installing took over 5 min'],
  [
    'an image that is not there',
    sampleStores.hindered,
    'Provisioning',
    'busy',
    'An image could not be fetched. Urumi keeps trying',
  ],
  ['ready', sampleStores.ready, 'Ready', 'ready', 'Shop page shows products'],
  [
    'ready, changing',
    { ...sampleStores.ready, status: buildStatus('ready', 'Changing'), steps: buildSteps(1) },
    'Ready',
    'ready',
    'Serving. Change: step 2 of 6',
  ],
  [
    'ready, change failed',
    sampleStores.changeFailed,
    'Ready',
    'warn',
    'Serving as before. The last change failed: the cluster refused an object of the chart',
  ],
  [
    'ready, change between tries',
    {
      ...sampleStores.ready,
      status: buildStatus('ready', 'Changing'),
      steps: buildSteps(1),
      attempt: sampleStores.retrying.attempt,
    },
    'Ready',
    'ready',
    'Serving. Change: try 3 of 5 at 14:03: installing took over 5 min',
  ],
  [
    'ready, change stopped by a person',
    { ...sampleStores.ready, status: buildStatus('ready', 'Halted') },
    'Ready',
    'ready',
    'Serving as before. You stopped the last change',
  ],
  [
    'ready, begun to fail',
    { ...sampleStores.ready, status: buildStatus('ready', 'PageFailing') },
    'Ready',
    'warn',
    'The shop page does not answer as it should since 14:01',
  ],
  [
    'begun, then without a cluster',
    { ...sampleStores.provisioning, status: buildStatus('provisioning', 'AwaitingCluster') },
    'Provisioning',
    'busy',
    'Waits for the cluster, then goes on by itself',
  ],
  [
    'a stuck deletion without evidence',
    { ...sampleStores.stuck, explanation: null },
    'Deleting',
    'warn',
    'Blocked since 12:56. Something holds the store’s space',
  ],
  ['degraded', sampleStores.degraded, 'Degraded', 'warn', 'Shop page failing since 13:51; database up'],
  ['failed set-up', sampleStores.failed, 'Failed', 'bad', 'Adding products failed'],
  ['lost', sampleStores.lost, 'Failed', 'bad', 'Removed outside Urumi; its data is gone'],
  [
    'given up',
    {
      ...sampleStores.retrying,
      status: buildStatus('failed', 'GaveUp', 60, true),
      attempt: { ...sampleStores.retrying.attempt, startsUsed: 5, nextTryAt: null },
    },
    'Failed',
    'bad',
    'Installing took over 5 min, 5 times',
  ],
  [
    'cancelled',
    {
      ...sampleStores.provisioning,
      status: buildStatus('failed', 'Halted', 60, true),
      steps: buildSteps(1, 'waiting'),
    },
    'Cancelled',
    'idle',
    'You stopped it at step 2',
  ],
  ['deleting', sampleStores.deleting, 'Deleting', 'idle', 'Removing shop, data and address'],
  [
    'a stuck deletion',
    sampleStores.stuck,
    'Deleting',
    'warn',
    'Blocked since 12:56 by persistentvolumeclaims/store-database-data',
  ],
  ['deleted', sampleStores.deleted, 'Deleted', 'idle', 'Gone since 3 Nov. Listed 30 days'],
];

describe('sentences', () => {
  it.each(sentences)('%s', (_name, store, word, role, sentence) => {
    expect(viewStatus(store, fixtureNow)).toMatchObject({ word, role, sentence });
  });
});

describe('next steps', () => {
  it('a failed store offers a retry only where it helps', () => {
    expect(viewStatus(sampleStores.failed, fixtureNow).next).toBe('retry');
    expect(viewStatus({ ...sampleStores.failed, retryHelps: false }, fixtureNow).next).toBeNull();
  });

  it('a lost store can only be made again empty', () => {
    expect(viewStatus(sampleStores.lost, fixtureNow).next).toBe('recreate');
  });
});

it('a status of a newer api asks for a reload and breaks nothing', () => {
  const store = { ...sampleStores.ready, status: { ...sampleStores.ready.status, value: 'suspended' as StatusValue } };
  expect(viewStatus(store, fixtureNow).sentence).toBe('Reload the page to read this state');
});

it('every headline is free of banned words', () => {
  expect(Object.values(reasonHeadlines).flatMap(findBannedWords)).toEqual([]);
});

describe('a deletion says what it waits for', () => {
  it.each([
    ['AwaitingWorker', 'Removing starts as soon as a worker is free'],
    ['AwaitingCluster', 'Removing starts as soon as the cluster answers'],
    ['Retrying', 'A try to remove it failed; the next one follows by itself'],
    ['TearingDown', 'Removing shop, data and address'],
  ] as const)('%s', (reason, sentence) => {
    const store = buildStore({ status: buildStatus('deleting', reason) });
    expect(viewStatus(store, fixtureNow).sentence).toBe(sentence);
  });
});
