import { describe, expect, it } from 'vitest';
import { judgeClocks, judgeNodes, judgeVersion } from './judge-cluster.ts';
import type { Node } from './objects.ts';

const node = (name: string, { ready = true, cordoned = false, pressure = '' } = {}): Node => ({
  metadata: { name },
  spec: cordoned ? { unschedulable: true } : {},
  status: {
    conditions: [
      { type: 'MemoryPressure', status: pressure === '' ? 'False' : 'True' },
      { type: 'Ready', status: ready ? 'True' : 'Unknown' },
    ],
  },
});

describe('the version', () => {
  it.each([
    ['36', 'ok'],
    ['34', 'ok'],
    ['34+', 'ok'],
    ['33', 'WARN'],
    ['31', 'WARN'],
    ['30', 'FAULT'],
    ['', '?'],
  ])('1.%s is %s', (minor, state) => {
    const answer = { serverVersion: { major: '1', minor, gitVersion: `v1.${minor}.0` } };
    expect(judgeVersion(answer).state).toBe(state);
  });

  it('an answer without one is no crash', () => {
    expect(judgeVersion({}).state).toBe('?');
  });
});

describe('nodes', () => {
  it.each([
    ['all ready', [node('a'), node('b')], 'ok', '2 nodes ready'],
    ['one cordoned', [node('a'), node('b', { cordoned: true })], 'ok', '2 nodes ready (cordoned: b)'],
    ['one down', [node('a'), node('b', { ready: false })], 'WARN', 'not ready: b; of 2'],
    ['short of memory', [node('a', { pressure: 'memory' })], 'WARN', 'short of memory, disk or processes: a'],
    ['all down', [node('a', { ready: false })], 'FAULT', 'none of 1 is ready'],
    ['all cordoned', [node('a', { cordoned: true })], 'FAULT', 'all 1 are cordoned, so no new pod can run'],
    ['none', [], 'FAULT', 'there is none, so no pod can run'],
  ])('%s', (_, nodes, state, saw) => {
    expect(judgeNodes(nodes)).toMatchObject({ state, saw });
  });
});

describe('clocks', () => {
  const now = Date.parse('2026-11-24T04:00:00Z');
  const lease = (name: string, at: string) => ({ metadata: { name }, spec: { renewTime: at } });
  const nodes = [node('a'), node('b'), node('down', { ready: false })];

  it.each([
    ['04:00:00.000000', '03:59:51.250000', 'ok', 'of 2 nodes and this machine agree'],
    ['04:00:04.900000', '03:59:01.000000', 'ok', 'of 2 nodes and this machine agree'],
    ['04:00:09.000000', '03:59:55.000000', 'WARN', "differ from this machine's: a is 9 s ahead"],
    ['03:58:00.000000', '03:59:55.000000', 'WARN', "differ from this machine's: a is 120 s behind"],
    ['04:01:00.000000', '03:58:00.000000', 'WARN', "differ from this machine's: a is 60 s ahead, b is 120 s behind"],
  ])('renewed at %s and %s', (a, b, state, saw) => {
    // A node that is down renews nothing: that is no matter of clocks.
    const leases = [
      lease('a', `2026-11-24T${a}Z`),
      lease('b', `2026-11-24T${b}Z`),
      lease('down', '2026-11-24T03:00:00Z'),
    ];
    expect(judgeClocks({ nodes, leases, askedAt: now, answeredAt: now })).toMatchObject({ state, saw });
  });

  it('the time that the question took is nobody’s skew', () => {
    const leases = [lease('a', '2026-11-24T04:00:07Z')];
    expect(judgeClocks({ nodes, leases, askedAt: now, answeredAt: now + 8_000 }).state).toBe('ok');
  });

  it('all off in one way: perhaps it is this machine', () => {
    const leases = [lease('a', '2026-11-24T04:02:00Z'), lease('b', '2026-11-24T04:02:00Z')];
    expect(judgeClocks({ nodes, leases, askedAt: now, answeredAt: now })).toMatchObject({
      state: 'WARN',
      remedy: expect.stringContaining("this machine's clock"),
    });
  });

  it('no lease, no judgement', () => {
    expect(judgeClocks({ nodes, leases: [], askedAt: now, answeredAt: now }).state).toBe('?');
  });
});
