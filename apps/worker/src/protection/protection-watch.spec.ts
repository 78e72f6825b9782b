import { buildLogger } from '@urumi/shared/server/ops/logger';
import { Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import type { Enforcement, Protection } from '@urumi/shared/domain/protection';
import { ProtectionWatch, type ProtectionParts, type Try } from './protection-watch.ts';

const pace = { unknownMs: 5, knownMs: 60_000, graceMs: 40, graceStepMs: 5 };
let ending = new AbortController();
afterEach(() => ending.abort());

function start(tries: ProtectionParts['tries'], write: (found: Protection) => Promise<void> = async () => undefined) {
  ending = new AbortController();
  const said: (Protection | 'removed')[] = [];
  const registry = new Registry();
  const watch = new ProtectionWatch({
    tries,
    board: {
      write: async (_worker, found) => {
        await write(found);
        said.push(found);
      },
      remove: async () => void said.push('removed'),
    },
    worker: 'w',
    logger: buildLogger('worker', 'silent'),
    registry,
    pace,
  });
  const running = watch.run(ending.signal);
  const readGauge = async () =>
    (await registry.getMetricsAsJSON())[0]?.values.map(({ labels, value }) => [labels['kind'], value]);
  return { watch, said, running, readGauge };
}

/** Answers in this order; the last one again and again. */
function answering(...answers: readonly (Enforcement | Error)[]): Try & { readonly calls: () => number } {
  let calls = 0;
  const attempt = async () => {
    const answer = answers[Math.min(calls, answers.length - 1)] ?? 'unknown';
    calls += 1;
    if (answer instanceof Error) throw answer;
    return { enforcement: answer, told: 'told' };
  };
  return Object.assign(attempt, { calls: () => calls });
}

it('says what is enforced, once, and takes it back at the end', async () => {
  const admissionPolicies = answering('enforced');
  const { watch, said, running, readGauge } = start({ admissionPolicies, networkPolicies: answering('enforced') });
  await expect.poll(() => said).toEqual([{ admissionPolicies: 'enforced', networkPolicies: 'enforced' }]);
  expect(await readGauge()).toEqual([
    ['admissionPolicies', 1],
    ['networkPolicies', 1],
  ]);
  expect(watch.tell()).toEqual(['admission policies: enforced', 'network policies: enforced']);
  expect(admissionPolicies.calls()).toBe(1);
  ending.abort();
  await running;
  expect(said.at(-1)).toBe('removed');
});

it('what is let through at first, as before a policy acts, is not yet missing', async () => {
  const { said } = start({ networkPolicies: answering('missing', 'missing', 'enforced') });
  await expect.poll(() => said).toEqual([{ admissionPolicies: 'unknown', networkPolicies: 'enforced' }]);
});

it('what is let through for long is missing', async () => {
  const { watch, said, readGauge } = start({ networkPolicies: answering('missing') });
  await expect.poll(() => said).toEqual([{ admissionPolicies: 'unknown', networkPolicies: 'missing' }]);
  expect(await readGauge()).toEqual([['networkPolicies', 0]]);
  expect(watch.tell()).toEqual(['admission policies: unknown', 'network policies: missing']);
});

it('tries soon again while it knows nothing, also where a try breaks', async () => {
  const { said } = start({ admissionPolicies: answering(new Error('away'), 'unknown', 'enforced') });
  await expect.poll(() => said.at(-1)).toEqual({ admissionPolicies: 'enforced', networkPolicies: 'unknown' });
  expect(said).toHaveLength(3);
});

it('says again what could not be written', async () => {
  let isAway = true;
  const write = async (): Promise<void> => {
    if (!isAway) return;
    isAway = false;
    throw new Error('Redis is away');
  };
  const { said } = start({ admissionPolicies: answering('enforced') }, write);
  await expect.poll(() => said).toEqual([{ admissionPolicies: 'enforced', networkPolicies: 'unknown' }]);
});
