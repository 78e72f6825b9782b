/** Turns a fault, a log's end and warnings into what a person needs to see. Pure; everything is bounded and redacted. */
import type { Explanation } from '@urumi/shared/domain/verdict';
import type { EventFacts } from '../watch/facts.ts';
import type { Fault } from './assess/part.ts';
import { isCauseLine } from './cause.ts';
import { redactLine } from './redact.ts';

const logLinesMax = 20;
const eventsMax = 10;
const lineMax = 200;
const messageMax = 400;
const objectMax = 120;

export function buildExplanation(
  fault: Pick<Fault, 'object' | 'message'>,
  log: string,
  warnings: readonly EventFacts[],
): Explanation {
  return {
    object: redactLine(fault.object, objectMax),
    message: redactLine(fault.message, messageMax),
    logLines: log
      .split('\n')
      // A cause that a container names is the message already.
      .filter((line) => line.trim() !== '' && !isCauseLine(line))
      .slice(-logLinesMax)
      .map((line) => redactLine(line, lineMax)),
    events: rankByObject(warnings, fault.object)
      .slice(0, eventsMax)
      .map(({ kind, name, reason, message, count }) =>
        redactLine(`${kind} ${name}: ${reason}: ${message}${count > 1 ? ` (${count} times)` : ''}`, lineMax),
      ),
  };
}

/** The failing object's own warnings first. */
function rankByObject(warnings: readonly EventFacts[], object: string): EventFacts[] {
  const isOwn = ({ kind, name }: EventFacts): boolean => `${kind} ${name}` === object;
  return [...warnings.filter(isOwn), ...warnings.filter((warning) => !isOwn(warning))];
}
