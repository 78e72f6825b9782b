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

/** A store whose data comes from a template: one workload, no setup Job. */
const filled = (
  page: Snapshot['page'],
  differs: Partial<Omit<Snapshot, 'facts'>> & { facts?: Partial<Snapshot['facts']> } = {},
) =>
  healthy({
    workloads: ['web'],
    page,
    ...differs,
    facts: {
      workloads: [buildWorkload('database'), buildWorkload('web', { setup: 'template' })],
      pods: [buildPod('database'), buildPod('web')],
      jobs: [],
      ...differs.facts,
    },
  });
const starting = [buildWorkload('database'), buildWorkload('web', { setup: 'template', available: 0 })];
const bare = [buildWorkload('database', down), buildWorkload('web', { setup: 'template', available: 0 })];
const unready = buildPod('web', { containers: [buildContainer({ name: 'web', isReady: false })] });

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
    ['a filled store stands and its page is proven', filled({ kind: 'passed' }), 'healthy', 'Healthy'],
    [
      'the database of a filled store starts',
      filled(notAsked, { facts: { workloads: bare } }),
      'progressing',
      'AwaitingWorkloads',
    ],
    ['a filled store starts', filled(notAsked, { facts: { workloads: starting } }), 'progressing', 'AwaitingWorkloads'],
    ['the page of a filled store is not there yet', filled(failing), 'progressing', 'AwaitingPage'],
    ['the page of a filled store fails for long', filled({ ...failing, isLasting: true }), 'hindered', 'PageFailing'],
    [
      'setup runs once more on a filled store',
      filled(notAsked, { facts: { jobs: setupRuns } }),
      'progressing',
      'AwaitingSetup',
    ],
    ['that setup failed', filled({ kind: 'passed' }, { facts: { jobs: setupLost } }), 'fatal', 'SetupFailed'],
    [
      'the mark of a template is of an older wish',
      filled(failing, { generationApplied: 2, facts: { workloads: [buildWorkload('database', { generation: 2 })] } }),
      'progressing',
      'AwaitingSetup',
    ],
    [
      'a filled store that served is down',
      filled(notAsked, { served: true, setupDone: true, facts: { workloads: starting } }),
      'unhealthy',
      'WorkloadUnavailable',
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

  it.each([
    ['medusa', healthy({ facts: { workloads: [] } }), ['database', 'server', 'storefront', 'setup', 'page']],
    ['woocommerce', filled(notAsked, { facts: { workloads: [] } }), ['database', 'web', 'setup', 'page']],
  ])('has the components of the engine, always in the same order: %s', (_engine, snapshot, names) => {
    expect(assess(snapshot).components.map(({ name }) => name)).toEqual(names);
  });

  it.each<[string, Snapshot['page'], Partial<Snapshot['facts']>, string, boolean]>([
    ['while it starts', notAsked, { workloads: starting }, 'waiting', false],
    ['until the page is proven', failing, {}, 'waiting', false],
    ['with the page', { kind: 'passed' }, {}, 'ready', true],
  ])('calls the setup of a filled store done together with its page: %s', (_when, page, facts, state, setupDone) => {
    const assessment = assess(filled(page, { facts }));
    expect(assessment.components.find(({ name }) => name === 'setup')?.state).toBe(state);
    expect(assessment.setupDone).toBe(setupDone);
  });

  it.each<[string, Snapshot, unknown]>([
    ['nobody while all is well', filled({ kind: 'passed' }), null],
    [
      'a container that runs and is not ready, what it said lately',
      filled(notAsked, { facts: { workloads: starting, pods: [unready] } }),
      { component: 'web', log: { pod: 'store-web-x1', container: 'web', previous: false, recent: true } },
    ],
    [
      'nobody while the database has not begun',
      filled(notAsked, { facts: { workloads: bare, pods: [unready] } }),
      null,
    ],
    [
      'the earlier life of a container that waits for its next',
      filled(notAsked, {
        facts: {
          workloads: starting,
          pods: [
            buildPod('web', {
              containers: [
                buildContainer({
                  name: 'web',
                  isReady: false,
                  waiting: { reason: 'PodInitializing', message: '' },
                  ended: { exitCode: 1, reason: 'Error' },
                }),
              ],
            }),
          ],
        },
      }),
      { component: 'web', log: { pod: 'store-web-x1', container: 'web', previous: true, recent: false } },
    ],
  ])('asks %s', (_whom, snapshot, speaker) => {
    expect(assess(snapshot).speaker).toEqual(speaker);
  });

  it.each<[string, Snapshot, boolean]>([
    ['everything else is ready', healthy({ page: notAsked }), true],
    ['only the trace of setup is missing', healthy({ page: notAsked, facts: { jobs: [] } }), true],
    ['setup is part of the data', filled(notAsked), true],
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
