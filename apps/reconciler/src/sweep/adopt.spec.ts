import type { StoreRecord } from '@urumi/shared/domain/store';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import { describe, expect, it } from 'vitest';
import { buildNamespace } from '../testing/facts.ts';
import { buildRecord, toStampText } from '../testing/records.ts';
import { adoptAll, GateKeeper, toFound } from './adopt.ts';
import { findLeftovers } from './leftovers.ts';

const record = buildRecord({ attempt: { fence: 3 } });
const stamped = buildNamespace({ stamp: toStampText(record, 3) });

describe('a stamped namespace', () => {
  it('says what its store was', () => {
    expect(toFound(stamped)).toMatchObject({
      identity: record.identity,
      desired: record.desired,
      fence: 3,
      namespaceUid: stamped.uid,
      terminating: false,
    });
  });

  it.each<[string, Parameters<typeof buildNamespace>[0]]>([
    ['no stamp', {}],
    ['a stamp that is no JSON', { stamp: '{' }],
    ['a stamp of another shape', { stamp: '{"v":1}' }],
    ['the stamp of another store', { stamp: stamped.stamp, name: 'store-other123' }],
  ])('with %s is left alone', (_what, differs) => {
    expect(toFound(buildNamespace(differs))).toBeNull();
  });

  it.each<[string, StoreRecord | null, boolean]>([
    ['there is no record', null, true],
    ['the record is of an older wish', { ...record, desired: { ...record.desired, generation: 0 } }, true],
    ['the record has an older fence', { ...record, attempt: { ...record.attempt, fence: 2 } }, true],
    ['the record says as much', record, false],
    ['the record says more', { ...record, desired: { ...record.desired, generation: 9 } }, false],
  ])('is adopted or not where %s', async (_what, known, adopted) => {
    const seen: string[] = [];
    const repository = { readMany: async () => (known ? [known] : []) } as unknown as StoreRepository;
    await adoptAll([stamped], { repository, adopt: async () => 'adopted', onAdoption: (id) => seen.push(id) });
    expect(seen).toEqual(adopted ? ['abcd1234'] : []);
  });
});

describe('the gate', () => {
  function open(view = { isSynced: true, isFollowing: true }) {
    const state = { now: 0, isOpen: false, adopted: 0 };
    const repository = {
      isGateOpen: async () => state.isOpen,
      openGate: async () => void (state.isOpen = true),
      readMany: async () => [],
    } as unknown as StoreRepository;
    const keeper = new GateKeeper({
      repository,
      view,
      listNamespaces: async () => [stamped],
      adopt: async () => {
        state.adopted += 1;
        expect(state.isOpen).toBe(false);
        return 'adopted';
      },
      onAdoption: () => undefined,
      bindRun: async () => expect(state.isOpen).toBe(false),
      leaseMs: 6_000,
      now: () => state.now,
    });
    return { state, keeper };
  }

  it('opens one lease period after it was found shut, with every stamp in the records', async () => {
    const { state, keeper } = open();
    expect(await keeper.tick()).toBe('shut');
    state.now = 5_999;
    expect([await keeper.tick(), state.adopted]).toEqual(['shut', 0]);
    state.now = 6_000;
    expect([await keeper.tick(), state.adopted]).toEqual(['opened', 1]);
    expect(await keeper.tick()).toBe('open');
  });

  it('stays shut without contact to the cluster', async () => {
    const { state, keeper } = open({ isSynced: true, isFollowing: false });
    await keeper.tick();
    state.now = 60_000;
    expect(await keeper.tick()).toBe('shut');
  });

  it('counts anew when it is found shut again', async () => {
    const { state, keeper } = open();
    await keeper.tick();
    state.now = 6_000;
    await keeper.tick();
    state.isOpen = false;
    state.now = 20_000;
    expect(await keeper.tick()).toBe('shut');
    state.now = 26_000;
    expect(await keeper.tick()).toBe('opened');
  });
});

describe('leftovers', () => {
  it('are namespaces of ours without a living store', async () => {
    const namespaces = ['store-abcd1234', 'store-gone1234', 'store-lost1234', 'by-hand'].map((name) =>
      buildNamespace({ name }),
    );
    const tombstone = {
      identity: record.identity,
      plan: 'S',
      host: record.desired.host,
      generation: 2,
      deletedAt: 1,
      explanation: null,
    } as const;
    const found = await findLeftovers(namespaces, new Set(['abcd1234']), async (id) =>
      id === 'gone1234' ? tombstone : null,
    );
    expect(found).toEqual([
      { namespace: 'store-gone1234', kind: 'deleted' },
      { namespace: 'store-lost1234', kind: 'unknown' },
      { namespace: 'by-hand', kind: 'unknown' },
    ]);
  });
});
