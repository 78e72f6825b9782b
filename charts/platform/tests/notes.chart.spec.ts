/** What a person reads after the install: the next step, as a command that fits what was installed. */
import { expect, test } from 'vitest';
import { runHelm } from '../../testing/helm.ts';
import { platformChart } from '../../testing/platform-chart.ts';

test('the address, the check, the token and the workers, with the names of this release', async () => {
  const notes = await readNotes('values-local.yaml', {});
  expect(notes).toContain('Urumi will answer at http://urumi.localhost');
  expect(notes).toContain('rollout status deployment/urumi-api');
  expect(notes).toContain('helm test urumi --namespace urumi-system');
  expect(notes).toContain("get secret urumi-auth --output jsonpath='{.data.token}'");
  expect(notes).toContain('scale deployment/urumi-worker --replicas=2');
  expect(notes).not.toMatch(/WARNING|port-forward/);
});

test('what is unusual is said: no route, no policy, somebody else scales', async () => {
  const notes = await readNotes('values-local.yaml', {
    exposure: { mode: 'none' },
    policy: { enabled: false },
    auth: { existingSecret: 'own-token' },
  });
  expect(notes).toContain('port-forward service/urumi-api 3000');
  expect(notes).toContain('WARNING: policy.enabled is off');
  expect(notes).toContain('get secret own-token');
});

test('roles alone need no services to be waited for', async () => {
  const notes = await readNotes('values-embedded.yaml', {});
  expect(notes).toContain("Urumi's roles and policies are in place");
  expect(notes).not.toContain('rollout');
});

async function readNotes(file: string, values: object): Promise<string> {
  const args = ['install', 'urumi', platformChart, '--namespace', 'urumi-system', '--dry-run=client'];
  const run = await runHelm([...args, '--values', `${platformChart}/${file}`, '--values', '-'], JSON.stringify(values));
  expect(run.code, run.stderr).toBe(0);
  return run.stdout.slice(run.stdout.indexOf('\nNOTES:'));
}
