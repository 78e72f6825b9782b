import { expect, it } from 'vitest';

import { progressLines } from './progress-lines.ts';

it('writes a line when a step ends and now and then during a long one', () => {
  const lines: string[] = [];
  let now = 0;
  const listen = progressLines(
    (line) => lines.push(line),
    () => now,
  );
  const step = { step: 'build', label: 'Build Kubernetes', total: 100, percent: 10, secondsLeft: 400 };
  listen({ ...step, done: 0 });
  now = 1_000;
  listen({ ...step, done: 1 });
  now = 16_000;
  listen({ ...step, done: 20 });
  now = 20_000;
  listen({ ...step, done: 100 });
  listen({ ...step, done: 100 });
  expect(lines).toEqual([
    'Build Kubernetes: 20 %, the whole 10 %, about 7 min left',
    'Build Kubernetes: done in 20.0 s',
  ]);
});
