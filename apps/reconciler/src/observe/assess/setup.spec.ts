import { describe, expect, it } from 'vitest';
import { buildCondition, buildContainer, buildHealthySnapshot, buildJob, buildPod } from '../../testing/facts.ts';
import type { Snapshot } from '../snapshot.ts';
import { assessSetup, findSetupJob } from './setup.ts';

const running = { isComplete: false, active: 1 };
const failed = (reason: string, differs: Parameters<typeof buildJob>[0] = {}) =>
  buildJob({ isComplete: false, failure: buildCondition('Failed', { reason, message: 'as told' }), ...differs });
const withJobs = (
  jobs: Snapshot['facts']['jobs'],
  rest: Partial<Omit<Snapshot, 'facts'>> = {},
  pods: Snapshot['facts']['pods'] = [],
) => buildHealthySnapshot({ page: { kind: 'not-asked' }, ...rest, facts: { jobs, pods } });

describe('setup', () => {
  it.each<[string, Snapshot, string, string]>([
    ['is done', withJobs([buildJob()]), 'ready', 'done'],
    ['runs', withJobs([buildJob(running)]), 'waiting', 'running'],
    ['tries again', withJobs([buildJob({ ...running, failed: 1 })]), 'waiting', 'try 2 of 4'],
    ['tries a last time', withJobs([buildJob({ ...running, failed: 4 })]), 'waiting', 'try 4 of 4'],
    ['has no Job yet', withJobs([]), 'missing', 'not there yet'],
    ['has a Job of an older wish only', withJobs([buildJob()], { generationApplied: 2 }), 'missing', 'not there yet'],
    ['was done and its Job cleaned away', withJobs([], { setupDone: true }), 'ready', 'done earlier'],
    ['left no trace but the page', withJobs([], { page: { kind: 'passed' } }), 'ready', 'done earlier'],
    ['is being removed by hand', withJobs([buildJob({ isTerminating: true })]), 'missing', 'not there yet'],
  ])('that %s', (_what, snapshot, state, detail) => {
    expect(assessSetup(snapshot)).toMatchObject({ component: { name: 'setup', state, detail }, fault: null });
  });

  it.each([
    ['BackoffLimitExceeded', { failed: 4 }, 'setup failed 4 times'],
    ['BackoffLimitExceeded', { failed: 1 }, 'setup failed once'],
    ['DeadlineExceeded', {}, 'setup took longer than it may'],
    ['PodFailurePolicy', { failed: 1 }, 'setup stopped: its input is bad and would be at every try'],
    ['SomethingNew', {}, 'setup failed: as told'],
  ])('that ended with %s has failed for good', (reason, differs, message) => {
    expect(assessSetup(withJobs([failed(reason, differs)]))).toMatchObject({
      component: { state: 'failing', detail: message },
      fault: { reason: 'SetupFailed', object: 'Job store-setup-1-0a1b2c3d', message },
    });
  });

  it('that failed shows the log of its newest pod', () => {
    const container = buildContainer({ name: 'setup', isReady: false, ended: { exitCode: 1, reason: 'Error' } });
    const pods = ['a', 'c', 'b'].map((suffix, index) =>
      buildPod('setup', {
        name: `store-setup-1-0a1b2c3d-${suffix}`,
        phase: 'Failed',
        createdAt: `2026-11-01T10:0${index === 1 ? 9 : index}:00Z`,
        containers: [container],
      }),
    );
    expect(assessSetup(withJobs([failed('BackoffLimitExceeded')], {}, pods)).fault?.log).toEqual({
      pod: 'store-setup-1-0a1b2c3d-c',
      container: 'setup',
      previous: false,
      recent: false,
    });
  });

  it('whose image cannot be pulled says so', () => {
    const container = buildContainer({ isReady: false, waiting: { reason: 'ErrImageNeverPull', message: '' } });
    const pod = buildPod('setup', { name: 'store-setup-1-0a1b2c3d-a', phase: 'Pending', containers: [container] });
    expect(assessSetup(withJobs([buildJob(running)], {}, [pod])).fault?.reason).toBe('ImagePullFailing');
  });

  it('whose pods the quota refuses says so', () => {
    const refusedPods = [
      {
        kind: 'Job',
        name: 'store-setup-1-0a1b2c3d',
        reason: 'FailedCreate',
        message: 'exceeded quota: store-quota',
        count: 1,
      },
    ];
    expect(assessSetup(withJobs([buildJob({ ...running, active: 0 })], { refusedPods })).fault?.reason).toBe(
      'QuotaExceeded',
    );
  });

  it('is read from the newest run, while Helm has not removed the older one', () => {
    const newest = buildJob({ name: 'store-setup-10-aaaaaaaa', generation: 2, ...running });
    const older = buildJob({ name: 'store-setup-9-bbbbbbbb', generation: 2 });
    expect(findSetupJob({ ...withJobs([older, newest]), generationApplied: 2 })?.name).toBe(newest.name);
  });
});
