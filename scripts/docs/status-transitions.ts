/**
 * The transition table of docs/status-transitions.md, computed from the reducer: a row per situation a store can be in,
 * a column per event. Run this file to write it; a test checks that it is current.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreEvent } from '@urumi/shared/domain/events';
import { reduce } from '@urumi/shared/domain/reduce';
import { healthy, requested, storyToReady, tell } from '@urumi/shared/testing/records';
import { projectFolder } from '../launcher/places.ts';

const failure = { code: 'helm.unclassified', message: '' } as const;
const started = (generation: number): StoreEvent => ({ type: 'AttemptStarted', fence: 9, generation });
const seen = (verdict: 'unhealthy' | 'hindered' | 'fatal', generation: number): StoreEvent => ({
  ...(healthy(generation, verdict) as Extract<StoreEvent, { type: 'HealthObserved' }>),
  verdict,
  reason: verdict === 'fatal' ? 'SetupFailed' : verdict === 'hindered' ? 'ImagePullFailing' : 'PageFailing',
});
const deletion: readonly StoreEvent[] = [{ type: 'DeletionRequested' }];
const lost: StoreEvent = { type: 'NamespaceLost', generation: 1, fingerprint: 'lost' };

const situations: readonly (readonly [name: string, story: readonly StoreEvent[]])[] = [
  ['queued', [requested]],
  ['attempt begun', [requested, started(1)]],
  ['applied', storyToReady.slice(0, 5)],
  ['hindered', [...storyToReady.slice(0, 5), seen('hindered', 1)]],
  ['ready', storyToReady],
  ['given up', [requested, started(1), { type: 'GaveUp', generation: 1, failure }]],
  ['namespace lost', [...storyToReady, lost]],
  ['change wished', [...storyToReady, { type: 'ChangeRequested', plan: 'L' }]],
  [
    'change given up',
    [...storyToReady, { type: 'ChangeRequested', plan: 'L' }, started(2), { type: 'GaveUp', generation: 2, failure }],
  ],
  ['cancelled', [requested, started(1), { type: 'CancelRequested' }]],
  ['deletion wished', [...storyToReady, ...deletion]],
  ['teardown begun', [...storyToReady, ...deletion, started(2), { type: 'TeardownStarted', generation: 2 }]],
];

type EventAt = (generation: number) => StoreEvent;
const events: readonly (readonly [name: string, event: EventAt])[] = [
  ['RetryRequested', () => ({ type: 'RetryRequested', recreate: false })],
  ['RetryRequested (recreate)', () => ({ type: 'RetryRequested', recreate: true })],
  ['ChangeRequested (size)', () => ({ type: 'ChangeRequested', plan: 'L' })],
  ['ChangeRequested (host)', () => ({ type: 'ChangeRequested', host: 'other.localhost' })],
  ['CancelRequested', () => ({ type: 'CancelRequested' })],
  ['DeletionRequested', () => ({ type: 'DeletionRequested' })],
  ['AttemptStarted', started],
  ['NamespaceEnsured', (generation) => ({ type: 'NamespaceEnsured', generation, namespaceUid: 'uid-1' })],
  ['ReleaseApplied', (generation) => ({ type: 'ReleaseApplied', generation, chartVersion: '1', drift: 0 })],
  ['TeardownStarted', (generation) => ({ type: 'TeardownStarted', generation })],
  [
    'AttemptFailed',
    (generation) => ({ type: 'AttemptFailed', generation, failure, retryInMs: 1_000, startGivenBack: false }),
  ],
  ['GaveUp', (generation) => ({ type: 'GaveUp', generation, failure })],
  ['HealthObserved healthy', (generation) => healthy(generation)],
  ['HealthObserved hindered', (generation) => seen('hindered', generation)],
  ['HealthObserved unhealthy', (generation) => seen('unhealthy', generation)],
  ['HealthObserved fatal', (generation) => seen('fatal', generation)],
  ['NamespaceLost', (generation) => ({ type: 'NamespaceLost', generation, fingerprint: 'x' })],
  ['DeadlinePassed', (generation) => ({ type: 'DeadlinePassed', generation })],
  ['NamespaceGone', (generation) => ({ type: 'NamespaceGone', generation })],
];

/** The document's text. */
export function buildTransitions(): string {
  const lines = [
    '# Status transitions',
    '',
    'Generated from `libs/shared/src/domain/reduce.ts` by `node scripts/docs/status-transitions.ts`; do not edit.',
    'Rows: an event of the newest generation. Columns: the situation it meets. A cell: status and reason after it;',
    'in brackets: why the event is refused.',
    '',
    `| event | ${situations.map(([name]) => name).join(' | ')} |`,
    `| --- | ${situations.map(() => '---').join(' | ')} |`,
  ];
  for (const [name, event] of events) {
    const cells = situations.map(([, story]) => {
      const record = tell(story);
      const reduction = reduce(record, event(record.desired.generation), 1_000_000);
      if (!reduction.accepted) return `(${reduction.refusal})`;
      return `${reduction.record.status.value} ${reduction.record.status.reason}`;
    });
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

export const transitionsFile = join(projectFolder, 'docs', 'status-transitions.md');

if (import.meta.main) await writeFile(transitionsFile, buildTransitions());
