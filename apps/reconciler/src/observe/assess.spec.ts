import { describe, expect, it } from 'vitest';
import {
  buildCondition,
  buildContainer,
  buildHealthySnapshot,
  buildJob,
  buildPod,
  buildWorkload,
} from '../testing/facts.ts';
import { assess } from './assess.ts';
import type { Snapshot } from './snapshot.ts';

const down = { available: 0 };
const workloads = (...broken: string[]) =>
  ['database', 'server', 'storefront'].map((name) => buildWorkload(name, broken.includes(name) ? down : {}));
const pulling = (component: string) =>
  buildPod(component, {
    containers: [buildContainer({ isReady: false, waiting: { reason: 'ErrImagePull', message: '' } })],
  });
const notAsked = { kind: 'not-asked' } as const;
const failing = { kind: 'failed', failure: 'the page answers 503', isLasting: false } as const;
const routeAtFault = { kind: 'route-at-fault' } as const;
const setupRuns = [buildJob({ isComplete: false, active: 1 })];
const setupLost = [
  buildJob({ isComplete: false, failure: buildCondition('Failed', { reason: 'BackoffLimitExceeded' }) }),
];
const healthy = buildHealthySnapshot;

describe('the verdict', () => {
  it.each<[string, Snapshot, string, string]>([
    ['everything stands and the page is proven', healthy(), 'healthy', 'Healthy'],
    [
      'the database starts',
      healthy({ page: notAsked, facts: { workloads: workloads('database', 'server') } }),
      'progressing',
      'AwaitingWorkloads',
    ],
    [
      'nothing is there yet',
      healthy({ page: notAsked, facts: { workloads: [], jobs: [], pods: [] } }),
      'progressing',
      'AwaitingWorkloads',
    ],
    [
      'setup runs',
      healthy({ page: notAsked, facts: { jobs: setupRuns, workloads: workloads('server') } }),
      'progressing',
      'AwaitingSetup',
    ],
    [
      'the server starts after setup',
      healthy({ page: notAsked, facts: { workloads: workloads('server') } }),
      'progressing',
      'AwaitingWorkloads',
    ],
    ['the page is not there yet', healthy({ page: failing }), 'progressing', 'AwaitingPage'],
    ['the page fails for long', healthy({ page: { ...failing, isLasting: true } }), 'hindered', 'PageFailing'],
    ['the route is broken while a shop starts', healthy({ page: routeAtFault }), 'progressing', 'AwaitingPage'],
    [
      'an image is missing',
      healthy({ page: notAsked, facts: { workloads: workloads('server'), pods: [pulling('server')] } }),
      'hindered',
      'ImagePullFailing',
    ],
    [
      'setup failed',
      healthy({ page: notAsked, facts: { jobs: setupLost, workloads: workloads('server') } }),
      'fatal',
      'SetupFailed',
    ],
    [
      'setup failed although workloads stand',
      healthy({ page: notAsked, facts: { jobs: setupLost } }),
      'fatal',
      'SetupFailed',
    ],
    [
      'a workload of a shop that served is down',
      healthy({ served: true, page: notAsked, facts: { workloads: workloads('server') } }),
      'unhealthy',
      'WorkloadUnavailable',
    ],
    ['the page of a shop that served fails', healthy({ served: true, page: failing }), 'unhealthy', 'PageFailing'],
    [
      'an image of a shop that served is missing',
      healthy({
        served: true,
        page: notAsked,
        facts: { workloads: workloads('database'), pods: [pulling('database')] },
      }),
      'unhealthy',
      'ImagePullFailing',
    ],
    [
      'a new setup of a shop that served failed',
      healthy({ served: true, facts: { jobs: setupLost } }),
      'unhealthy',
      'SetupFailed',
    ],
    ['the Job was cleaned away after setup', healthy({ setupDone: true, facts: { jobs: [] } }), 'healthy', 'Healthy'],
    ['nothing of setup is known but the page is proven', healthy({ facts: { jobs: [] } }), 'healthy', 'Healthy'],
    [
      'objects are of an older wish',
      healthy({ generationApplied: 2, page: notAsked }),
      'progressing',
      'AwaitingWorkloads',
    ],
  ])('where %s', (_what, snapshot, verdict, reason) => {
    expect(assess(snapshot)).toMatchObject({ verdict, reason });
  });

  it('tells the cause before its effects', () => {
    const crashing = buildContainer({
      name: 'server',
      isReady: false,
      waiting: { reason: 'CrashLoopBackOff', message: '' },
    });
    const pods = [buildPod('server', { containers: [crashing] }), pulling('database')];
    const { fault } = assess(healthy({ page: notAsked, facts: { workloads: workloads('database', 'server'), pods } }));
    expect(fault?.object).toBe('Pod store-database-x1');
  });

  it('has five components, always in the same order', () => {
    const names = assess(healthy({ facts: { workloads: [] } })).components.map(({ name }) => name);
    expect(names).toEqual(['database', 'server', 'storefront', 'setup', 'page']);
  });

  it.each<[string, Snapshot, boolean]>([
    ['everything else is ready', healthy({ page: notAsked }), true],
    ['only the trace of setup is missing', healthy({ page: notAsked, facts: { jobs: [] } }), true],
    ['setup runs', healthy({ page: notAsked, facts: { jobs: setupRuns } }), false],
    ['the server is down', healthy({ page: notAsked, facts: { workloads: workloads('server') } }), false],
  ])('asks for the page or not where %s', (_what, snapshot, isPageDue) => {
    expect(assess(snapshot).isPageDue).toBe(isPageDue);
  });

  it.each<[string, Snapshot, boolean]>([
    ['a shop that served', healthy({ served: true, page: routeAtFault }), true],
    [
      'a shop that served and is broken besides',
      healthy({ served: true, page: routeAtFault, facts: { workloads: workloads('server') } }),
      false,
    ],
    ['a shop that never served', healthy({ page: routeAtFault }), false],
  ])('is held back by a broken route only for %s: case %#', (_what, snapshot, isHeld) => {
    expect(assess(snapshot).isHeld).toBe(isHeld);
  });

  it.each<[string, Snapshot, number]>([
    ['of the applied wish', healthy({ generationApplied: 3, facts: { workloads: [] } }), 3],
    ['of the oldest object, where all are newer than the record knows', healthy({ generationApplied: 0 }), 1],
    ['never below the applied wish', healthy({ generationApplied: 2 }), 2],
    ['of no wish where nothing says one', healthy({ generationApplied: 0, facts: { workloads: [], jobs: [] } }), 0],
  ])('is evidence %s', (_what, snapshot, generation) => {
    expect(assess(snapshot).generation).toBe(generation);
  });
});
