/** Runs checks side by side, a few at a time, and hands their lines on in the checks' order, each as soon as its turn has come. */
import type { Check } from './checks.ts';
import { unknown, type Finding, type Line } from './finding.ts';
import { KubectlError } from './kubectl.ts';

/** kubectl is a heavy program, and the API server somebody else's. */
const atOnce = 4;
const checkTimeoutMs = 40_000;

/** Never throws: a check that cannot tell is a line that says so. */
export async function runChecks(
  checks: readonly Check[],
  onLine: (line: Line) => void,
  timeoutMs = checkTimeoutMs,
): Promise<readonly Line[]> {
  const done = new Map<number, Line>();
  let next = 0;
  let shown = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < checks.length; index = next++) {
      const check = checks[index];
      if (check === undefined) return;
      done.set(index, { check: check.name, ...(await look(check, timeoutMs)) });
      for (let line = done.get(shown); line !== undefined; line = done.get(++shown)) onLine(line);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return checks.flatMap((_, index) => done.get(index) ?? []);
}

async function look(check: Check, timeoutMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const finding = unknown(`not told within ${timeoutMs / 1000} s`, 'The cluster answers slowly. Run it again.');
    timer = setTimeout(() => resolve(finding), timeoutMs);
  });
  try {
    return await Promise.race([check.look(), late]);
  } catch (error) {
    return toUnknown(error);
  } finally {
    clearTimeout(timer);
  }
}

function toUnknown(error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  const failure = error instanceof KubectlError ? error.failure : 'other';
  const remedy =
    failure === 'forbidden'
      ? 'Run it with the credentials of an administrator of the cluster.'
      : 'Run it again; where it stays, ask kubectl for the same by hand.';
  return unknown(`not told: ${reason}`, remedy);
}
