import { nameLengthMax } from '@urumi/shared/domain/names';
import { describe, expect, it } from 'vitest';
import { buildMetrics, startingCluster } from '../../testing/fixtures.ts';
import { tellExpectation } from './expectation.ts';
import { tellNameFault } from './name-rules.ts';

describe('names', () => {
  it.each([
    'Harbour Coffee',
    '  trimmed  ',
    'مكتبة',
    '../x',
    '{{ }}',
    '--kubeconfig=x',
    '☕',
    'x'.repeat(nameLengthMax),
  ])('%j is fine', (name) => {
    expect(tellNameFault(name)).toBeNull();
  });
  it.each([
    ['', 'Give the store a name.'],
    ['   ', 'Give the store a name.'],
    ['x'.repeat(64), 'A name has at most 63 characters. This one has 64.'],
    ['a\nb', 'A name has no line breaks, tabs or other control characters. Remove them.'],
  ])('%j: %s', (name, sentence) => expect(tellNameFault(name)).toBe(sentence));
});

describe('how soon', () => {
  it('tells the usual time and the line', () => {
    expect(tellExpectation({ metrics: buildMetrics(), cluster: undefined })).toBe('Usually 41 s; 3 before you');
  });
  it('invents nothing without measured times', () => {
    const metrics = buildMetrics({ medianReadyMs: null, queue: { waiting: 0, active: 0, delayed: 0, failed: 0 } });
    expect(tellExpectation({ metrics, cluster: undefined })).toBe('');
  });
  it('says that a store waits for the cluster', () => {
    expect(tellExpectation({ metrics: buildMetrics(), cluster: startingCluster })).toBe(
      'The cluster is still starting (about 13 min left). Your store waits, then starts by itself.',
    );
  });
});
