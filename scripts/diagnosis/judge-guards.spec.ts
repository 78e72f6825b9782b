import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../launcher/places.ts';
import { findWorkerUser, judgeNetwork, judgePolicies, judgeRefusal, policyNames } from './judge-guards.ts';
import { judgeStores } from './judge-stores.ts';
import { toError } from './kubectl.ts';

describe('policies', () => {
  const policies = policyNames.map((name) => ({ metadata: { name }, spec: { failurePolicy: 'Fail' } }));
  const bindings = policyNames.map((name) => ({
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  }));
  const [first, ...others] = bindings;

  it('are looked for by the names that the chart gives them', async () => {
    const files = await readdir(join(projectFolder, 'charts', 'platform', 'templates', 'policy'));
    const bound = files.flatMap((file) => /^(.+)-binding\.yaml$/.exec(file)?.[1] ?? []);
    expect([...policyNames].sort()).toEqual(bound.map((name) => `urumi-${name}`).sort());
  });

  it.each([
    ['in force', policies, bindings, 'ok', 'all 6 are there'],
    ['one unbound', policies, others, 'FAULT', 'urumi-installer-objects is not bound'],
    [
      'one that only audits',
      policies,
      [{ spec: { ...first?.spec, validationActions: ['Audit', 'Warn'] } }, ...others],
      'FAULT',
      'urumi-installer-objects does not deny',
    ],
    ['one gone', policies.slice(1), bindings, 'FAULT', 'urumi-installer-objects is not there'],
    [
      'one that lets pass',
      [{ ...policies[0], spec: { failurePolicy: 'Ignore' } }, ...policies.slice(1)],
      bindings,
      'FAULT',
      'lets through',
    ],
    ['none', [], [], 'FAULT', 'none is there'],
  ])('%s', (_, some, bound, state, saw) => {
    expect(judgePolicies(some, bound)).toMatchObject({ state, saw: expect.stringContaining(saw) });
  });
});

describe('the worker’s forbidden wish', () => {
  /** As kubectl 1.36 says it of an API server of 1.36. */
  const refused = (why: string) => toError(`Error from server (Forbidden): error when creating "STDIN": ${why}\n`);
  it.each([
    [
      'refused by our policy',
      refused(
        `namespaces "store-doctor00" is forbidden: ValidatingAdmissionPolicy 'urumi-worker-namespaces' with binding 'urumi-worker-namespaces' denied request: a shop's namespace enforces Pod Security restricted, in its newest version`,
      ),
      'ok',
    ],
    ['accepted', null, 'FAULT'],
    [
      'nobody may act as the worker',
      refused(
        'users "urumi:worker" is forbidden: User "ana" cannot impersonate resource "users" in API group "" at the cluster scope',
      ),
      '?',
    ],
    [
      'no right to make any',
      refused(
        'namespaces is forbidden: User "urumi:worker" cannot create resource "namespaces" in API group "" at the cluster scope',
      ),
      'FAULT',
    ],
    ['refused by somebody else', refused('admission webhook "kyverno" denied the request: no owner label'), 'WARN'],
  ])('%s', (_, answer, state) => {
    expect(judgeRefusal(answer).state).toBe(state);
  });

  it('what says nothing of the policy is no answer', () => {
    expect(() => judgeRefusal(toError('Unable to connect to the server: dial tcp: i/o timeout'))).toThrow(
      'i/o timeout',
    );
  });

  it('the worker is whom the binding names', () => {
    const account = { kind: 'ServiceAccount', name: 'urumi-worker', namespace: 'urumi-system' };
    expect(findWorkerUser({ subjects: [account] })).toBe('system:serviceaccount:urumi-system:urumi-worker');
    expect(findWorkerUser({ subjects: [{ kind: 'User', name: 'urumi:worker' }] })).toBe('urumi:worker');
    expect(findWorkerUser({})).toBeNull();
  });
});

describe('network policies', () => {
  it('one that is missing is a fault', () => {
    expect(judgeNetwork(['urumi-api', 'urumi-worker'], ['urumi-api', 'urumi-worker']).state).toBe('ok');
    expect(judgeNetwork(['urumi-api'], ['urumi-api', 'urumi-worker'])).toMatchObject({
      state: 'FAULT',
      saw: 'not there: urumi-worker',
    });
  });
});

describe('stores', () => {
  const now = Date.parse('2026-11-24T04:00:00Z');
  const store = (id: string, deletionTimestamp?: string) => ({
    metadata: {
      name: `store-${id}`,
      labels: { 'urumi.dev/store-id': id },
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
  });

  it.each([
    ['none', [], 'ok', '0 stores, 0 being deleted'],
    ['one goes', [store('aaaaaaaa'), store('bbbbbbbb', '2026-11-24T03:58:00Z')], 'ok', '1 store, 1 being deleted'],
    ['one is stuck', [store('bbbbbbbb', '2026-11-24T03:54:00Z')], 'WARN', '0 stores, 1 being deleted, 1 of them'],
  ])('%s', (_, namespaces, state, saw) => {
    expect(judgeStores(namespaces, now)).toMatchObject({ state, saw: expect.stringContaining(saw) });
  });

  it('the remedy is the command, with the id', () => {
    const stuck = ['a1aaaaaa', 'b1aaaaaa', 'c1aaaaaa', 'd1aaaaaa'].map((id) => store(id, '2026-11-24T03:00:00Z'));
    expect(judgeStores(stuck, now)).toMatchObject({
      remedy:
        'See what holds them: `scripts/cleanup.sh a1aaaaaa`, `scripts/cleanup.sh b1aaaaaa`, `scripts/cleanup.sh c1aaaaaa`, and 1 more alike.',
    });
  });
});
