import { describe, expect, it } from 'vitest';
import { requested, storyToReady, tell, testHost } from '../testing/records.ts';
import type { StoreEvent } from './events.ts';
import { isLost } from './loss.ts';
import { recordSchema, tombstoneSchema, type StoreRecord } from './store.ts';
import { upgradeSections, upgradeTombstone } from './upgrade.ts';

/** A record as the release before wrote it. */
function toSchema2(record: StoreRecord): Record<string, unknown> {
  const { host, formerHosts: _former, ...desired } = record.desired;
  const { stepAt: _at, ...attempt } = record.attempt;
  const { host: _host, namespaceStart: _start, applyStart: _apply, ...release } = record.release;
  const { lostUid: _uid, ...observed } = record.observed;
  return { ...record, identity: { ...record.identity, host }, desired, attempt, release, observed };
}
const lost: StoreEvent = { type: 'NamespaceLost', generation: 1, fingerprint: 'x' };

describe('a record of schema 2', () => {
  it.each<[string, StoreRecord]>([
    ['just requested', tell([requested])],
    ['ready', tell(storyToReady)],
    ['lost', tell([...storyToReady, lost])],
    ['lost and asked for again', tell([...storyToReady, lost, { type: 'RetryRequested', recreate: true }])],
  ])('F40: %s says the same as one of today', (_what, record) => {
    const read = recordSchema.parse(upgradeSections(toSchema2(record)));
    expect(read.desired).toEqual(record.desired);
    expect(read.identity).toEqual(record.identity);
    expect(read.status).toEqual(record.status);
    expect(read.release.host).toBe(record.release.host);
  });

  it('F40: keeps a loss that nobody answered, and no loss that was made good', () => {
    const read = (record: StoreRecord) => recordSchema.parse(upgradeSections(toSchema2(record)));
    expect(isLost(read(tell([...storyToReady, lost])))).toBe(true);
    const remade = [
      lost,
      { type: 'RetryRequested', recreate: true },
      { type: 'AttemptStarted', fence: 2, generation: 2 },
      { type: 'NamespaceEnsured', generation: 2, namespaceUid: 'uid-2' },
    ] as const;
    expect(isLost(read(tell([...storyToReady, ...remade])))).toBe(false);
  });

  it('is refused, not guessed, where it is broken', () => {
    for (const broken of [{}, { identity: 7 }, { ...toSchema2(tell([requested])), identity: { host: 'a' } }]) {
      expect(recordSchema.safeParse(upgradeSections(broken)).success).toBe(false);
    }
  });
});

it('a tombstone of the release before is read', () => {
  const identity = { ...tell([requested]).identity, host: testHost };
  const read = tombstoneSchema.parse(upgradeTombstone({ identity, plan: 'S', generation: 2, deletedAt: 1 }));
  expect(read).toMatchObject({ host: testHost, explanation: null });
  expect(tombstoneSchema.parse(upgradeTombstone(read))).toEqual(read);
});
