import { expect, it } from 'vitest';
import { healthy, requested, storyToReady, tell } from '../testing/records.ts';
import { describeEvent, describeReason } from './describe.ts';
import { reasons } from './verdict.ts';

it('says every reason as a sentence of its own, without the code word', () => {
  const sentences = reasons.map(describeReason);
  expect(new Set(sentences).size).toBe(reasons.length);
  for (const sentence of sentences) expect(sentence).not.toMatch(/[a-z][A-Z]/);
});

it('tells a story line by line', () => {
  const record = tell(storyToReady);
  expect([requested, healthy(1)].map((event) => describeEvent(event, record))).toEqual([
    'Requested with engine medusa, size S',
    'The shop page shows products',
  ]);
});
