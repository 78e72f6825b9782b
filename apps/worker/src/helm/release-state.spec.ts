import { describe, expect, it } from 'vitest';
import { buildReleaseLabels, findNewestRevision } from './release-state.ts';

const secret = (version: string, labels: Record<string, string> = {}) => ({
  name: `sh.helm.release.v1.store.v${version}`,
  uid: `uid-${version}`,
  labels: { owner: 'helm', name: 'store', version, status: 'superseded', ...labels },
});

describe('findNewestRevision', () => {
  it('compares revisions as numbers', () => {
    expect(findNewestRevision([secret('9'), secret('10'), secret('2')])?.revision).toBe(10);
  });

  it('reads status, generation and chart from the labels', () => {
    const labels = {
      status: 'pending-upgrade',
      'urumi-generation': '4',
      'urumi-chart': '0.1.0',
      'urumi-revision': '1',
    };
    expect(findNewestRevision([secret('1', labels)])).toEqual({
      revision: 1,
      status: 'pending-upgrade',
      generation: 4,
      chartVersion: '0.1.0',
      secretName: 'sh.helm.release.v1.store.v1',
      secretUid: 'uid-1',
    });
  });

  it.each<Record<string, string>>([{ 'urumi-revision': '1' }, {}])(
    'a revision made by hand has no generation, though it carries on our labels',
    (carried) => {
      const labels = { status: 'deployed', 'urumi-generation': '4', ...carried };
      expect(findNewestRevision([secret('1', labels), secret('2', labels)])).toMatchObject({
        revision: 2,
        generation: null,
      });
    },
  );

  it('takes a status it does not know as unknown and a label that is no number as none', () => {
    expect(
      findNewestRevision([secret('1', { status: 'new', 'urumi-generation': '1e3', 'urumi-revision': '1' })]),
    ).toMatchObject({
      status: 'unknown',
      generation: null,
    });
  });

  it('is null without releases', () => {
    expect(findNewestRevision([])).toBeNull();
    expect(findNewestRevision([secret('x')])).toBeNull();
  });
});

it('release labels fit what Kubernetes takes as a label value', () => {
  expect(buildReleaseLabels({ generation: 3, chartVersion: '0.1.0-rc.1+build.5', revision: 7 })).toBe(
    'urumi-generation=3,urumi-chart=0.1.0-rc.1_build.5,urumi-revision=7',
  );
});
