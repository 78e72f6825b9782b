import { describe, expect, it } from 'vitest';
import { findEarlyPods, type Pod } from './wake.ts';

function pod(name: string, claim: string, spec: { nodeName?: string } = { nodeName: 'node1' }, phase = 'Pending'): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { ...spec, volumes: [{}, { persistentVolumeClaim: { claimName: claim } }] },
    status: { phase },
  };
}

describe('pods that came before their claim', () => {
  it('are those on the node that use it and have not begun', () => {
    const pods = [
      pod('early', 'data'),
      pod('unscheduled', 'data', {}),
      pod('runs', 'data', { nodeName: 'node1' }, 'Running'),
      pod('other', 'uploads'),
    ];
    expect(findEarlyPods(pods, 'data')).toEqual(['early']);
  });

  it('may lack volumes and a status', () => {
    const bare: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare' }, spec: { nodeName: 'node1' } };
    expect(findEarlyPods([bare], 'data')).toEqual([]);
  });
});
