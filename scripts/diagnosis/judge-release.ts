/** The namespace Urumi is installed in, and what helm says of the release. */
import { fault, ok, unknown, warn, type Finding } from './finding.ts';
import type { Namespace } from './objects.ts';

export interface Place {
  readonly namespace: string;
  readonly release: string;
}

const enforceLabel = 'pod-security.kubernetes.io/enforce';

export function judgeNamespace(namespace: Namespace | null, { namespace: name }: Place): Finding {
  if (namespace === null) {
    return fault(`${name} is not there`, 'Install charts/platform into it, or name the right one with --namespace.');
  }
  if (namespace.metadata?.deletionTimestamp !== undefined) {
    return fault(`${name} is being deleted`, 'Wait until it is gone, then install charts/platform again.');
  }
  const enforced = namespace.metadata?.labels?.[enforceLabel] ?? 'nothing';
  if (enforced === 'restricted') return ok(`${name} enforces Pod Security restricted`);
  const label = `kubectl label --overwrite namespace ${name} ${enforceLabel}=restricted`;
  return warn(`${name} enforces Pod Security: ${enforced}, where restricted would do`, `\`${label}\``);
}

/** @param table  a line per revision, whose last two columns are version and status; see `readRevisions` in checks.ts */
export function judgeRelease(table: string, { namespace, release }: Place): Finding {
  const revisions = table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const columns = line.trim().split(/\s+/);
      return { version: Number(columns.at(-2)), status: columns.at(-1) ?? '' };
    })
    .sort((one, other) => other.version - one.version);
  const [latest] = revisions;
  const place = `--namespace ${namespace}`;
  if (latest === undefined) {
    return fault(
      `helm knows no release ${release} in ${namespace}`,
      `\`helm install ${release} charts/platform ${place}\`, or name the right ones with --release and --namespace.`,
    );
  }
  const saw = `revision ${latest.version} of ${release} is ${latest.status}`;
  const back = `\`helm rollback ${release} ${place}\``;
  const isServed = revisions.some(({ status }) => status === 'deployed' || status === 'superseded');
  switch (latest.status) {
    case 'deployed':
      return ok(saw);
    case 'failed':
      return (isServed ? warn : fault)(
        saw,
        `Read \`helm status ${release} ${place}\`, correct it and upgrade again, or ${back}.`,
      );
    case 'pending-install':
    case 'pending-upgrade':
    case 'pending-rollback':
      return warn(
        `${saw}: helm is at work, or was killed`,
        `Wait for it. If no helm runs any more: ${isServed ? back : `\`helm uninstall ${release} ${place}\``}.`,
      );
    case 'uninstalling':
    case 'uninstalled':
      return fault(saw, `If that was not meant: ${back}.`);
    default:
      return unknown(saw, `Read \`helm status ${release} ${place}\`.`);
  }
}
