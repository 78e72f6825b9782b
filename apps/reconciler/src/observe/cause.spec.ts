import { describe, expect, it } from 'vitest';
import {
  buildContainer,
  buildCondition,
  buildHealthySnapshot,
  buildJob,
  buildPod,
  buildWorkload,
} from '../testing/facts.ts';
import { assess, type Assessment } from './assess.ts';
import { findCause, isCauseLine, sharpen } from './cause.ts';

const refused = 'urumi: cause=PasswordRefused: The database refuses the password. Set the one of the Secret again.';

describe('a cause', () => {
  it.each<[string, string, string | null]>([
    ['is the last one that is told', `${refused}\nurumi: cause=VolumeFull: No room.\nmore`, 'VolumeFull: No room.'],
    ['may follow the time that a program prints', `[2026-11-01 10:00:00] ${refused}`, refused.slice(13)],
    ['is not found where nobody tells one', 'starting\nready\n', null],
    ['has a sentence', 'urumi: cause=VolumeFull:\n', null],
    ['has a code of letters', 'urumi: cause=../x: y', null],
    ['is one line', 'urumi: cause=VolumeFull: No room.\r\n', 'VolumeFull: No room.'],
    ['is not what a shopper wrote far into a line', `${'x'.repeat(200)} ${refused}`, null],
  ])('%s', (_what, log, found) => {
    const cause = findCause(log);
    expect(cause && `${cause.code}: ${cause.sentence}`).toBe(found);
  });

  it('marks its line', () => {
    expect([isCauseLine(refused), isCauseLine('urumi: ready')]).toEqual([true, false]);
  });
});

const web = (differs: Parameters<typeof buildWorkload>[1]) => [
  buildWorkload('database'),
  buildWorkload('web', differs),
];
const container = (differs: Parameters<typeof buildContainer>[0]) =>
  buildPod('web', { containers: [buildContainer({ name: 'web', isReady: false, ...differs })] });
const look = (pods: ReturnType<typeof buildPod>[], served = false): Assessment =>
  assess(
    buildHealthySnapshot({
      workloads: ['web'],
      served,
      setupDone: served,
      page: { kind: 'not-asked' },
      facts: { workloads: web({ setup: 'template', available: 0 }), pods, jobs: [] },
    }),
  );
const waiting = look([container({})]);
const down = look([container({})], true);
const looping = look([container({ waiting: { reason: 'CrashLoopBackOff', message: '' } })]);
const failedSetup = assess(
  buildHealthySnapshot({
    page: { kind: 'not-asked' },
    facts: {
      jobs: [buildJob({ isComplete: false, failure: buildCondition('Failed', { reason: 'PodFailurePolicy' }) })],
      pods: [buildPod('setup', { name: 'store-setup-1-0a1b2c3d-x' })],
    },
  }),
);
const tell = (code: string) => ({ code, sentence: 'Because of this.' });

describe('an assessment', () => {
  it.each<[string, Assessment, string, string, string, string]>([
    ['a start that waits', waiting, 'PasswordRefused', 'hindered', 'DatabaseRefused', 'Because of this.'],
    ['a start that waits', waiting, 'VolumeFull', 'hindered', 'VolumeFull', 'Because of this.'],
    ['a start that waits', waiting, 'DataLost', 'hindered', 'DataLost', 'Because of this.'],
    ['a shop that is down', down, 'PasswordRefused', 'unhealthy', 'DatabaseRefused', 'Because of this.'],
    ['a crash', looping, 'VolumeFull', 'hindered', 'VolumeFull', 'Because of this.'],
    ['a crash', looping, 'TemplateMissing', 'hindered', 'CrashLooping', 'Because of this.'],
    ['a crash', looping, 'SomethingNew', 'hindered', 'CrashLooping', 'Because of this.'],
    ['a failed setup', failedSetup, 'InputBad', 'fatal', 'SetupFailed', 'Because of this.'],
    ['a failed setup', failedSetup, 'VolumeFull', 'fatal', 'SetupFailed', 'Because of this.'],
  ])('%s is sharpened by %3$s', (_what, assessment, code, verdict, reason, message) => {
    const sharp = sharpen(assessment, tell(code));
    expect(sharp).toMatchObject({ verdict, reason, fault: { reason, message } });
    const name = assessment.speaker?.component;
    expect(sharp.components.find((part) => part.name === name)).toMatchObject({ state: 'failing', detail: message });
  });

  it.each<[string, Assessment, string | null]>([
    ['without a cause', down, null],
    ['that only waits, by a cause that is no reason of its own', waiting, 'TemplateMissing'],
    ['where nobody speaks', look([]), 'VolumeFull'],
  ])('%s stays as it is', (_what, assessment, code) => {
    expect(sharpen(assessment, code === null ? null : tell(code))).toBe(assessment);
  });

  it('shows no secret that a cause holds', () => {
    const sharp = sharpen(waiting, { code: 'VolumeFull', sentence: 'No room; password=hunter2' });
    expect(JSON.stringify(sharp.components)).not.toContain('hunter2');
  });
});

describe('a log that shows the network failing', () => {
  it.each([
    'Error: getaddrinfo EAI_AGAIN store-database',
    'connect ETIMEDOUT 10.96.12.7:5432',
    'could not translate host name "store-database" to address: Name or service not known',
    'php_network_getaddresses: getaddrinfo failed: Temporary failure in name resolution',
  ])('names it: %s', (line) => {
    expect(findCause(`starting\n${line}\n`)).toEqual({
      code: 'NetworkFailing',
      sentence: `the network fails it: ${line}`,
    });
  });

  it('is not believed once other lines came after it, and never against a cause that was printed', () => {
    expect(findCause(`getaddrinfo ENOTFOUND store-database\n${'serving\n'.repeat(8)}`)).toBe(null);
    expect(findCause('urumi: cause=VolumeFull: No room.\nconnect ETIMEDOUT 10.0.0.1:5432')?.code).toBe('VolumeFull');
  });

  it('says nothing about a database that refuses for a moment', () => {
    expect(findCause('connect ECONNREFUSED 10.96.12.7:5432')).toBe(null);
  });
});
