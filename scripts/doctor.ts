/**
 * Prints the whole state of an installation in a cluster: `node scripts/doctor.ts --help`. Reads with the operator's own kubectl
 * and changes nothing.
 */
import { buildChecks, buildClusterCheck } from './diagnosis/checks.ts';
import { toText, type Line } from './diagnosis/finding.ts';
import { buildKubectl } from './diagnosis/kubectl.ts';
import { readOptions, usage, type Options } from './diagnosis/options.ts';
import { runChecks } from './diagnosis/run-checks.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 2;
}
if (options?.help === true) say(usage);
else if (options !== undefined) await diagnose(options);

async function diagnose({ namespace, release, kubeconfig, context, json }: Options): Promise<void> {
  const kubectl = buildKubectl({ kubeconfig, context });
  const show = (line: Line): void => (json ? undefined : say(toText(line)));
  const lines = [...(await runChecks([buildClusterCheck(kubectl)], show))];
  const isReachable = lines.every(({ state }) => state !== 'FAULT');
  if (isReachable) lines.push(...(await runChecks(buildChecks(kubectl, { namespace, release }), show)));

  const faults = lines.filter(({ state }) => state === 'FAULT').length;
  if (json) say(JSON.stringify({ namespace, release, faults, lines }, null, 2));
  else say(`\n${isReachable ? summarize(lines) : 'Nothing else could be asked.'}`);
  process.exitCode = faults > 0 ? 1 : 0;
}

function summarize(lines: readonly Line[]): string {
  const told = (['FAULT', 'WARN', '?'] as const).flatMap((state) => {
    const number = lines.filter((line) => line.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  });
  return told.length === 0 ? 'Everything is in order.' : `${told.join(', ')}; the rest is in order.`;
}
