/**
 * What a container says of itself: the images print `urumi: cause=<Code>: <sentence>` where they know why they cannot work.
 * Finds the last such line of a log and lets it sharpen an assessment. Pure.
 */
import type { Reason } from '@urumi/shared/domain/verdict';
import type { Assessment, Speaker } from './assess.ts';
import { redactLine } from './redact.ts';

export interface Cause {
  readonly code: string;
  /** As printed: bounded, and redacted only where it is shown. */
  readonly sentence: string;
}

/** Codes that are a reason of their own. The others only tell more about the reason that the cluster shows. */
const reasonOfCode: Readonly<Partial<Record<string, Reason>>> = {
  PasswordRefused: 'DatabaseRefused',
  VolumeFull: 'VolumeFull',
  DataLost: 'DataLost',
  NetworkFailing: 'NetworkFailing',
};

const causeLine = /^.{0,80}?\burumi: cause=([A-Za-z]{1,40}): (.{1,600})/;
const detailMax = 200;

/** @returns the last cause that the log names */
export function findCause(log: string): Cause | null {
  for (const line of log.split('\n').toReversed()) {
    const [, code, sentence] = causeLine.exec(line) ?? [];
    if (code !== undefined && sentence !== undefined) return { code, sentence: sentence.trim() };
  }
  return findNetworkCause(log);
}

/** As Node, PHP, glibc, libpq and the database clients word a name that does not resolve or a packet that gets no answer. */
const networkWords =
  /getaddrinfo|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Name or service not known|Temporary failure in name resolution|could not translate host name|Connection timed out|No route to host/;
/** Only the newest lines count: while a store starts, names of its parts appear one after the other. */
const newestLines = 8;

function findNetworkCause(log: string): Cause | null {
  const newest = log
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-newestLines);
  const line = newest.findLast((one) => networkWords.test(one));
  return line === undefined ? null : { code: 'NetworkFailing', sentence: `the network fails it: ${line.trim()}` };
}

/** True for a line that tells a cause: it is the explanation's message and need not be read twice. */
export function isCauseLine(line: string): boolean {
  return causeLine.test(line);
}

/**
 * @param cause  what the assessment's speaker said
 * @returns the assessment with the cause as its message and, where the cause is a reason of its own, that reason
 *
 * A store that is only on its way becomes hindered by such a cause; setup that failed stays a failed setup.
 */
export function sharpen(assessment: Assessment, cause: Cause | null): Assessment {
  const { speaker, fault } = assessment;
  if (cause === null || speaker === null) return assessment;
  const ownReason = reasonOfCode[cause.code] ?? null;
  if (fault === null) {
    if (ownReason === null || assessment.verdict !== 'progressing') return assessment;
    const object = `Pod ${speaker.log.pod}`;
    const hindrance = { reason: ownReason, object, message: cause.sentence, log: speaker.log };
    return { ...tellIn(assessment, speaker, cause), verdict: 'hindered', reason: ownReason, fault: hindrance };
  }
  const reason = fault.reason === 'SetupFailed' ? fault.reason : (ownReason ?? fault.reason);
  return { ...tellIn(assessment, speaker, cause), reason, fault: { ...fault, reason, message: cause.sentence } };
}

function tellIn(assessment: Assessment, { component }: Speaker, { sentence }: Cause): Assessment {
  const detail = redactLine(sentence, detailMax);
  return {
    ...assessment,
    components: assessment.components.map((part) =>
      part.name === component ? { ...part, state: 'failing', detail } : part,
    ),
  };
}
