import { describe, expect, it } from 'vitest';
import { buildStatus, fixtureNow, secondsAgo, startingCluster } from '../testing/fixtures.ts';
import { findKnownAt, tellLastKnown, viewTruth, type TruthFacts } from './truth-line.ts';

const now = Date.UTC(2026, 10, 23, 14, 2, 41);
const calm: TruthFacts = {
  now,
  refused: false,
  trouble: null,
  cluster: { ready: true, step: 'ready', label: 'Ready', percent: 100, secondsLeft: 0 },
  lastPassAt: now - 12_000,
  routeAtFaultSince: null,
  protection: { admissionPolicies: 'enforced', networkPolicies: 'unknown' },
  loadedAt: now,
};
const silentSince = (seconds: number) =>
  ({ kind: 'silent', since: now - seconds * 1_000, nextTryAt: now + 8_000 }) as const;

const rows: readonly [string, Partial<TruthFacts>, string, boolean][] = [
  ['all is well', {}, 'All checked 12 s ago', false],
  ['nothing has answered yet', { loadedAt: null, cluster: null, lastPassAt: null }, 'Asking Urumi', false],
  ['the reconciler has not begun', { lastPassAt: null }, 'Not checked yet', false],
  ['the proof is old', { lastPassAt: now - 700_000 }, 'Not checked since 13:51', true],
  [
    'the way to the shops is at fault',
    { routeAtFaultSince: now - 95_000 },
    'Shops cannot be checked from here since 14:01. Their health is not judged by it',
    true,
  ],
  [
    'the cluster does not enforce its policies',
    { protection: { admissionPolicies: 'enforced', networkPolicies: 'missing' } },
    'The cluster does not enforce network policies. All checked 12 s ago',
    false,
  ],
  [
    'neither kind of policy is enforced',
    { protection: { admissionPolicies: 'missing', networkPolicies: 'missing' } },
    'The cluster does not enforce admission policies and network policies. All checked 12 s ago',
    false,
  ],
  [
    'what cannot be checked comes before what is not enforced',
    { protection: { admissionPolicies: 'enforced', networkPolicies: 'missing' }, lastPassAt: now - 700_000 },
    'Not checked since 13:51',
    true,
  ],
  [
    'an old proof is worse than a way that was at fault then',
    { lastPassAt: now - 700_000, routeAtFaultSince: now - 710_000 },
    'Not checked since 13:51',
    true,
  ],
  [
    'the cluster starts',
    { cluster: startingCluster, lastPassAt: null },
    'Cluster starting: 42 %, about 13 min left',
    false,
  ],
  ['one call failed', { trouble: silentSince(3) }, 'Reconnecting', false],
  ['silence', { trouble: silentSince(61) }, 'No answer since 14:01. Next try in 8 s', true],
  [
    'a try is under way',
    { trouble: { ...silentSince(61), nextTryAt: now - 1 } },
    'No answer since 14:01. Trying now',
    true,
  ],
  [
    'the api cannot',
    { trouble: { ...silentSince(61), kind: 'unavailable' } },
    'Urumi cannot read its records since 14:01. Next try in 8 s',
    true,
  ],
  [
    'the records are rebuilt',
    { trouble: { ...silentSince(1), kind: 'rebuilding' } },
    'Reading the cluster again. No changes meanwhile',
    true,
  ],
  ['signed out is worse than silence', { refused: true, trouble: silentSince(61) }, 'Signed out.', true],
];

describe('of several troubles the worst', () => {
  it.each(rows)('%s', (_name, change, text, onlyLastKnown) => {
    const view = viewTruth({ ...calm, ...change });
    expect([view.text, view.knownAt !== null]).toEqual([text, onlyLastKnown]);
  });
});

it('a last known state is dated by the proof, unless it changed later', () => {
  const knownAt = now - 700_000;
  expect(tellLastKnown('Ready', new Date(now - 4 * 3_600_000).toISOString(), knownAt, now)).toBe('Was ready at 13:51');
  expect(tellLastKnown('Queued', new Date(now - 60_000).toISOString(), knownAt, now)).toBe('Was queued at 14:01');
});

describe('one store under a fresh pass', () => {
  const ready = { status: buildStatus('ready', 'Changing', 300), provedAt: secondsAgo(320) };
  const rows: readonly [string, Parameters<typeof findKnownAt>[0], number | null][] = [
    ['proven by the pass', { ...ready, provedAt: null }, null],
    ['proof over 2 min old', ready, fixtureNow - 300_000],
    ['proof 119 s old', { status: buildStatus('ready', 'Changing', 119), provedAt: secondsAgo(119) }, null],
    [
      'a change that has just begun',
      { status: buildStatus('ready', 'Changing', 5), provedAt: secondsAgo(86_400) },
      null,
    ],
    [
      'seen failing is fresh evidence',
      { status: buildStatus('degraded', 'PageFailing', 900), provedAt: secondsAgo(900) },
      null,
    ],
  ];
  it.each(rows)('%s', (_name, store, knownAt) => expect(findKnownAt(store, null, fixtureNow)).toBe(knownAt));

  it('where the whole page is old, every store is', () =>
    expect(findKnownAt({ ...ready, provedAt: null }, 42, fixtureNow)).toBe(42));
});
