/** What a supervisor tells about its cluster, over its control socket and in its record file. */
import type { ProcessIdentity } from '../base/process-identity.ts';
import type { ClusterOptions } from '../cluster/options.ts';
import type { ComponentStatus } from './component.ts';
import type { Progress } from './progress.ts';

/** `cluster`: pods run, names resolve, claims are bound. `ingress`: shops can be reached as well. */
export type Stage = 'cluster' | 'ingress';

export interface Failure {
  component: string;
  message: string;
  logFile: string | null;
  logTail: string[];
}

export interface ClusterState {
  phase: 'starting' | 'running' | 'stopping' | 'failed';
  stages: Stage[];
  /** As they are, not as they were asked for: 0 has become the port it got. */
  apiPort: number;
  ingressPort: number;
  progress: Progress | null;
  failure: Failure | null;
  components: ComponentStatus[];
}

/** Written by the supervisor when it starts; the first thing anybody else reads. */
export interface SupervisorRecord extends ProcessIdentity {
  options: ClusterOptions;
}

/** The argument of the supervisor's process. */
export interface SupervisorOrder {
  options: ClusterOptions;
  /** The cluster ends with its caller: standard input is a pipe whose end means "stop". */
  isOwned: boolean;
}

export type ControlRequest = { op: 'follow' } | { op: 'stop' };

/** A start that failed, with the component to blame and the end of its log. */
export class ClusterFailure extends Error {
  override readonly name = 'ClusterFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    const log = failure.logFile === null ? '' : `\nlog: ${failure.logFile}`;
    super([`${failure.component}: ${failure.message}`, ...failure.logTail.map((line) => `  ${line}`)].join('\n') + log);
    this.failure = failure;
  }
}
