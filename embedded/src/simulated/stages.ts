/**
 * The steps that kwok takes with nodes and pods, in place of a kubelet. Each is one row: a pod in one of these states, on
 * one of these courses, gets this status after this time. What a pod's course is stands in `behaviour.ts`.
 */
import {
  type Course,
  COURSES,
  courseExpression,
  durationExpression,
  exitCodeTemplate,
  type State,
  stateExpression,
} from './behaviour.ts';
import { NODE_READY, NODE_HEARTBEAT, type Outcome, podStatus } from './status-templates.ts';

/** Long enough for a watcher to see a Job's pod run, short enough not to be felt. */
const JOB_MS = 300;
const PULL_BACKOFF_MS = 1_000;
const CRASH_AGAIN_MS = 10_000;
/** Status only: the lease tells that the node lives. */
const HEARTBEAT_MS = 600_000;

interface PodStep {
  name: string;
  states: readonly State[];
  courses: readonly Course[];
  outcome: Outcome;
  /** Milliseconds; `named`: as long as the behaviour says. */
  after?: number | 'named';
  event?: { type: 'Warning'; reason: string; message: string };
}

const POD_STEPS: readonly PodStep[] = [
  {
    name: 'pod-ready',
    states: ['new', 'unready', 'ErrImagePull', 'ImagePullBackOff', 'CrashLoopBackOff'],
    courses: ['well'],
    outcome: { kind: 'ready' },
  },
  {
    name: 'pod-begin',
    states: ['new', 'ErrImagePull', 'ImagePullBackOff'],
    courses: ['slow', 'never-ready', 'job-well', 'job-slow', 'job-exit'],
    outcome: { kind: 'unready' },
  },
  { name: 'pod-unready', states: ['ready'], courses: ['never-ready'], outcome: { kind: 'unready' } },
  { name: 'pod-slow-ready', states: ['unready'], courses: ['slow'], outcome: { kind: 'ready' }, after: 'named' },
  {
    name: 'job-complete',
    states: ['unready', 'ready'],
    courses: ['job-well'],
    outcome: { kind: 'ended', phase: 'Succeeded', reason: 'Completed', exitCode: '0' },
    after: JOB_MS,
  },
  {
    name: 'job-slow-complete',
    states: ['unready', 'ready'],
    courses: ['job-slow'],
    outcome: { kind: 'ended', phase: 'Succeeded', reason: 'Completed', exitCode: '0' },
    after: 'named',
  },
  {
    name: 'job-fail',
    states: ['unready', 'ready'],
    courses: ['job-exit'],
    outcome: { kind: 'ended', phase: 'Failed', reason: 'Error', exitCode: exitCodeTemplate },
    after: JOB_MS,
  },
  {
    name: 'pod-stop',
    states: ['stopping'],
    courses: COURSES,
    outcome: { kind: 'ended', phase: 'Failed', reason: 'Error', exitCode: '143' },
  },
  {
    name: 'pull-fail',
    states: ['new'],
    courses: ['pull-failing'],
    outcome: { kind: 'waiting', reason: 'ErrImagePull', message: 'failed to pull image: not found' },
    event: { type: 'Warning', reason: 'Failed', message: 'Failed to pull image: not found' },
  },
  {
    name: 'pull-back-off',
    states: ['ErrImagePull'],
    courses: ['pull-failing'],
    outcome: { kind: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image: not found' },
    after: PULL_BACKOFF_MS,
    event: { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  },
  {
    name: 'crash',
    states: ['new', 'ready', 'unready'],
    courses: ['crash-loop'],
    outcome: { kind: 'crashed' },
    event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  },
  {
    name: 'crash-again',
    states: ['CrashLoopBackOff'],
    courses: ['crash-loop'],
    outcome: { kind: 'crashed' },
    after: CRASH_AGAIN_MS,
    event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  },
];

/** The stages as kwok reads them: one JSON document after another, which is YAML. */
export function renderStages(): string {
  return [...nodeStages(), ...POD_STEPS.map(toStage), podDelete()]
    .map((stage) => JSON.stringify(stage))
    .join('\n---\n');
}

function toStage({ name, states, courses, outcome, after = 0, event }: PodStep): object {
  return stage('Pod', name, {
    selector: [
      { key: stateExpression, operator: 'In', values: states },
      { key: courseExpression, operator: 'In', values: courses },
    ],
    delay:
      after === 'named' ? { durationFrom: { expressionFrom: durationExpression } } : { durationMilliseconds: after },
    next: { statusTemplate: podStatus(outcome), ...(event === undefined ? {} : { event }) },
  });
}

function podDelete(): object {
  return stage('Pod', 'pod-delete', {
    selector: [{ key: stateExpression, operator: 'In', values: ['stopped' satisfies State] }],
    delay: { durationMilliseconds: 0 },
    next: { delete: true },
  });
}

function nodeStages(): object[] {
  const ready = '.status.conditions.[] | select( .type == "Ready" ) | .status';
  return [
    stage('Node', 'node-initialize', {
      selector: [{ key: ready, operator: 'NotIn', values: ['True'] }],
      delay: { durationMilliseconds: 0 },
      next: { statusTemplate: NODE_READY },
    }),
    stage('Node', 'node-heartbeat', {
      selector: [{ key: ready, operator: 'In', values: ['True'] }],
      delay: { durationMilliseconds: HEARTBEAT_MS },
      next: { statusTemplate: NODE_HEARTBEAT },
    }),
  ];
}

interface StageParts {
  selector: readonly object[];
  delay: object;
  next: object;
}

function stage(kind: 'Pod' | 'Node', name: string, { selector, delay, next }: StageParts): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions: selector }, delay, next },
  };
}
