/** Why a running attempt is told to stop. It is the reason of the attempt's abort signal and is thrown as it is. */
export type StopCause =
  /** A newer wish ends the store or halts it: the next job acts on that. */
  | 'superseded'
  /** The lease is gone or could not be renewed in time: nothing may be changed or recorded any more. */
  | 'lease-lost'
  /** The worker stops: the job goes back to the queue. */
  | 'shutdown';

export class AttemptStopped extends Error {
  readonly stopCause: StopCause;

  constructor(stopCause: StopCause) {
    super(`attempt stopped: ${stopCause}`);
    this.name = 'AttemptStopped';
    this.stopCause = stopCause;
  }
}
