import { describe, expect, it } from 'vitest';

import type { SupervisorRecord } from '../supervise/state.ts';
import { matchRecord } from './find.ts';
import { type ClusterRequest, resolveOptions } from './options.ts';

const record: SupervisorRecord = {
  pid: 7,
  startTicks: 1,
  options: resolveOptions({ name: 'local', stateDir: '/first', apiPort: 7000 }),
};

function match(request: Omit<ClusterRequest, 'name'>, found: { record?: SupervisorRecord; isAlive?: boolean } = {}) {
  const named = { name: 'local', ...request };
  const asked = resolveOptions(named, { URUMI_STATE: '/u' });
  return matchRecord({ request: named, asked, record: found.record ?? null, isAlive: found.isAlive ?? false });
}

describe('matchRecord', () => {
  it('takes the request where no run has left a record', () => {
    expect(match({})).toMatchObject({ options: { stateDir: '/u/clusters/local' }, supervisor: null, other: null });
  });

  it.each([[{}], [{ stateDir: '/first' }]])('finds the cluster for %j', (request) => {
    expect(match(request, { record, isAlive: true })).toMatchObject({
      options: { stateDir: '/first', apiPort: 7000 },
      paths: { stateDir: '/first' },
      supervisor: record,
      other: null,
    });
  });

  it('knows a cluster whose supervisor died', () => {
    expect(match({ stateDir: '/first' }, { record })).toMatchObject({ supervisor: null, other: null });
  });

  it.each([
    [{ stateDir: '/second' }, '/second'],
    [{ storage: 'memory' as const }, '/dev/shm/urumi-local'],
  ])('takes the cluster of another folder for another: %j', (request, stateDir) => {
    for (const isAlive of [true, false]) {
      expect(match(request, { record, isAlive })).toMatchObject({
        options: { stateDir },
        paths: { stateDir },
        supervisor: null,
        other: record,
      });
    }
  });
});
