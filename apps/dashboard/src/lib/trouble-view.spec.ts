import { reasons, type Reason } from '@urumi/shared/domain/verdict';
import { statuses, type StatusValue } from '@urumi/shared/domain/store';
import { describe, expect, it } from 'vitest';
import type { StoreView } from '../api/generated/types.gen.ts';
import { findBannedWords } from '../testing/banned-words.ts';
import { buildStatus, buildStore, fixtureNow, sampleStores } from '../testing/fixtures.ts';
import { viewStatus } from './status-view.ts';
import { toTroubleText, viewTrouble } from './trouble-view.ts';

const view = (store: StoreView) => viewTrouble(store, viewStatus(store, fixtureNow), fixtureNow);

const every: readonly [StatusValue, Reason][] = statuses.flatMap((value) =>
  reasons.map((reason): [StatusValue, Reason] => [value, reason]),
);

describe('every status with every reason', () => {
  it.each(every)('%s, %s is explained in whole sentences', (value, reason) => {
    const { explanation } = sampleStores.failed;
    const trouble = view(buildStore({ status: buildStatus(value, reason), explanation }));
    expect(trouble?.meaning).toMatch(/\.$/);
    expect(trouble?.advice ?? 'None.').toMatch(/\.$/);
    expect(trouble?.retry ?? 'None.').toMatch(/\.$/);
    expect(trouble?.cause).not.toMatch(/undefined|null|NaN/);
    expect(findBannedWords(Object.values(trouble ?? {}).join(' '))).toEqual([]);
  });
});

describe('what is explained', () => {
  it.each([
    ['ready', sampleStores.ready, null],
    ['deleting', sampleStores.deleting, null],
    ['deleted, nothing kept', sampleStores.deleted, null],
    ['on its way', sampleStores.provisioning, null],
    ['stopped by a person', sampleStores.cancelled, null],
    ['between tries: folded', sampleStores.retrying, false],
    ['deleted, with what was seen last: folded', sampleStores.remembered, false],
    ['a thing in the way', sampleStores.hindered, true],
    ['a refused installation', sampleStores.refused, true],
    ['a stuck deletion', sampleStores.stuck, true],
  ] as const)('%s', (_name, store, urgent) => expect(view(store)?.isUrgent ?? null).toBe(urgent));

  it('a try that failed while the next one runs', () => {
    const store = { ...sampleStores.retrying, status: buildStatus('provisioning', 'AwaitingRelease') };
    expect(view(store)).toMatchObject({ cause: 'The last try failed: installing took over 5 min', isUrgent: false });
  });
});

describe('advice', () => {
  it('is the api’s own: by the code where tries failed, by what is seen elsewhere', () => {
    expect(view(sampleStores.refused)?.advice).toBe(sampleStores.refused.attempt.failure?.advice);
    expect(view(sampleStores.failed)?.advice).toBe(sampleStores.failed.explanation?.advice);
  });

  it('comes from the shared table where the api sends no evidence', () => {
    expect(view(sampleStores.lost)?.advice).toBe('Recreate the store empty, or delete it.');
  });

  it('says whether a retry helps', () => {
    expect(view(sampleStores.failed)?.retry).toBe('A retry can help.');
    expect(view(sampleStores.refused)?.retry).toBe('A retry alone does not help.');
    expect(view(sampleStores.hindered)?.retry).toBe('Urumi keeps trying by itself; no retry is needed.');
    expect(view(sampleStores.remembered)?.retry).toBeNull();
  });
});

describe('meaning', () => {
  it('never calls lost data safe', () => {
    for (const reason of ['DataLost', 'NamespaceLost'] as const)
      expect(view({ ...sampleStores.lost, status: buildStatus('failed', reason) })?.meaning).not.toMatch(
        /stay where they are/,
      );
  });

  it('does not call a shop whole that has begun to fail', () => {
    const store = { ...sampleStores.degraded, status: buildStatus('ready', 'PageFailing') };
    expect(view(store)?.meaning).toMatch(/^Visitors may see errors/);
  });
});

it('the copied text holds cause, advice, evidence with its time, the command for an administrator, and the last try', () => {
  const trouble = view(sampleStores.stuck);
  if (trouble === null) throw new Error('a stuck deletion has to be explained');
  const text = toTroubleText(sampleStores.stuck, viewStatus(sampleStores.stuck, fixtureNow), trouble);
  expect(text).toContain('Evidence, kept from 14:02');
  expect(text).toContain('for an administrator: scripts/cleanup.sh g7a5z3mj');
  expect(text).toContain(trouble.advice);
});
