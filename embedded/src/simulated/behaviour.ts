/**
 * How a simulated pod behaves, and how a pod says so: by a folder in the name of one of its images, which a chart's values
 * choose (`localhost/urumi/simulated-crash-loop/web:1`), or by an annotation that a test sets on a pod that is there.
 * The annotation goes before; a pod that names nothing does well. Expressions are jq over the pod.
 */

export const BEHAVIOUR_ANNOTATION = 'urumi.dev/simulated';

/**
 * - `pull-failing`: the image cannot be pulled
 * - `crash-loop`, `never-ready`, `slow-<n>s` (ready after n seconds): what is no Job
 * - `setup-exit-<code>`, `setup-slow-<n>s` (complete after n seconds): a Job's pod; what is no Job does well
 */
export type Behaviour =
  | 'well'
  | 'pull-failing'
  | 'crash-loop'
  | 'never-ready'
  | `slow-${number}s`
  | `setup-exit-${number}`
  | `setup-slow-${number}s`;

/** What the stages tell apart. A behaviour that is misspelt is `unknown`, and its pod stays pending. */
export const COURSES = [
  'well',
  'pull-failing',
  'crash-loop',
  'never-ready',
  'slow',
  'job-well',
  'job-slow',
  'job-exit',
  'unknown',
] as const;
export type Course = (typeof COURSES)[number];

/** Where a pod stands, by what the stages wrote: its container's waiting reason, or one of these. */
export type State =
  | 'new'
  | 'ready'
  | 'unready'
  | 'ErrImagePull'
  | 'ImagePullBackOff'
  | 'CrashLoopBackOff'
  | 'ended'
  | 'stopping'
  | 'stopped';

const named = String.raw`(.metadata.annotations["${BEHAVIOUR_ANNOTATION}"] // ([.spec.containers[].image | capture("/simulated-(?<b>[a-z0-9-]+)/").b] | .[0]) // "well")`;

const isJob = 'any(.metadata.ownerReferences[]?; .kind == "Job")';

/** jq: a {@link Course} */
export const courseExpression = [
  `${named} as $b | ${isJob} as $job |`,
  'if $b == "pull-failing" then $b',
  'elif ($b | test("^setup-exit-[0-9]+$")) then (if $job then "job-exit" else "well" end)',
  'elif ($b | test("^setup-slow-[0-9]+s$")) then (if $job then "job-slow" else "well" end)',
  'elif ($b == "well" or $b == "crash-loop" or $b == "never-ready" or ($b | test("^slow-[0-9]+s$")) | not) then "unknown"',
  'elif $job then "job-well"',
  'elif ($b | startswith("slow-")) then "slow"',
  'else $b end',
].join(' ');

/**
 * jq: a {@link State}. A pod that is being deleted and held by somebody is `stopping` until its end is written: what counts
 * pods, such as a Job, lets go only of one that has ended.
 */
export const stateExpression = [
  '(.status.phase == "Succeeded" or .status.phase == "Failed") as $ended |',
  'if .metadata.deletionTimestamp then (if $ended or (.metadata.finalizers // []) == [] then "stopped" else "stopping" end)',
  'elif $ended then "ended"',
  'elif any(.status.conditions[]?; .type == "Ready" and .status == "True") then "ready"',
  'else ([.status.containerStatuses[]?.state.waiting.reason | values] | .[0]) // (if .status.phase == "Running" then "unready" else "new" end) end',
].join(' ');

/** jq: a duration as Go writes it, such as `20s`; empty where the behaviour names none. */
export const durationExpression = `${named} | capture("slow-(?<d>[0-9]+s)$").d`;

/** Go template: the exit code that the behaviour names, from the pod. The annotation goes before here too. */
export const exitCodeTemplate =
  '{{ $named := index (or .metadata.annotations dict) "' +
  BEHAVIOUR_ANNOTATION +
  '" }}{{ $from := or $named (index .spec.containers 0).image }}{{ regexFind "[0-9]+" (regexFind "setup-exit-[0-9]+" $from) }}';
