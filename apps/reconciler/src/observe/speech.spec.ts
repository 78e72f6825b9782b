import { DomainError } from '@urumi/shared/domain/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DirectReads } from '../watch/direct-reads.ts';
import type { Speaker } from './assess.ts';
import { Speeches } from './speech.ts';

const running: Speaker = {
  component: 'web',
  log: { pod: 'store-web-x1', container: 'web', previous: false, recent: true },
};
const crashed: Speaker = { component: 'web', log: { ...running.log, previous: true, recent: false } };
const cause = 'urumi: cause=VolumeFull: No room.';

let now: number;
let asked: { readonly previous: boolean; readonly sinceSeconds: number | null }[];
let logs: { previous: string; current: string } | null;
let speeches: Speeches;
beforeEach(() => {
  now = 0;
  asked = [];
  logs = { previous: '', current: '' };
  const reads: Pick<DirectReads, 'readLog'> = {
    readLog: async (_id, _pod, _container, options) => {
      asked.push(options);
      if (logs === null) throw new DomainError('cluster.unreachable');
      return options.previous ? logs.previous : logs.current;
    },
  };
  speeches = new Speeches(reads, () => now);
});
const hearAt = async (at: number, speaker: Speaker | null, isFault: boolean) => {
  now = at;
  return (await speeches.hear('a', speaker, isFault)).cause?.code ?? null;
};

describe('what a container says', () => {
  it('is read at once where there is a fault, and not before 5 s of a start', async () => {
    await hearAt(0, crashed, true);
    expect(asked).toHaveLength(2);
    await hearAt(0, running, false);
    await hearAt(4_999, running, false);
    expect(asked).toHaveLength(2);
    await hearAt(5_000, running, false);
    expect(asked).toHaveLength(3);
  });

  it('is read again, ever later: a cause may come after the first look', async () => {
    expect(await hearAt(0, running, true)).toBeNull();
    logs = { previous: '', current: cause };
    expect(await hearAt(2_999, running, true)).toBeNull();
    expect(await hearAt(3_000, running, true)).toBe('VolumeFull');
    expect(await hearAt(8_999, running, true)).toBe('VolumeFull');
    expect(asked).toHaveLength(2);
    for (let at = 9_000; at < 3_600_000; at += 1_000) await hearAt(at, running, true);
    expect(asked.length).toBeLessThan(70);
  });

  it('counts for a running container only while it is recent', async () => {
    await hearAt(0, running, true);
    expect(asked[0]).toMatchObject({ previous: false, sinceSeconds: 180 });
    await hearAt(0, crashed, true);
    expect(asked[1]).toMatchObject({ previous: true, sinceSeconds: null });
  });

  it('comes from the present life where there is no earlier one', async () => {
    logs = { previous: '', current: cause };
    expect(await hearAt(0, crashed, true)).toBe('VolumeFull');
  });

  it('stays known while its log cannot be read', async () => {
    logs = { previous: cause, current: '' };
    await hearAt(0, crashed, true);
    logs = null;
    expect(await hearAt(3_000, crashed, true)).toBe('VolumeFull');
  });

  it('is forgotten with the trouble', async () => {
    logs = { previous: cause, current: '' };
    await hearAt(0, crashed, true);
    logs = { previous: '', current: '' };
    expect(await hearAt(1, null, false)).toBeNull();
    expect(await hearAt(2, crashed, true)).toBeNull();
  });
});
