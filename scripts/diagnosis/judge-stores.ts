/** The shops' namespaces: how many, and which deletions do not come to their end. */
import { labels } from '@urumi/shared/k8s/labels';
import { count, ok, warn, type Finding } from './finding.ts';
import { nameOf, type Namespace } from './objects.ts';

const stuckAfterMs = 5 * 60_000;
const commandsMax = 3;

export function judgeStores(namespaces: readonly Namespace[], now: number): Finding {
  const going = namespaces.filter((each) => each.metadata?.deletionTimestamp !== undefined);
  const stuck = going.filter((each) => now - Date.parse(each.metadata?.deletionTimestamp ?? '') > stuckAfterMs);
  const saw = `${count(namespaces.length - going.length, 'store')}, ${going.length} being deleted`;
  if (stuck.length === 0) return ok(saw);
  const ids = stuck.map((each) => each.metadata?.labels?.[labels.storeId] ?? nameOf(each).replace(/^store-/, ''));
  const commands = ids.slice(0, commandsMax).map((id) => `\`scripts/cleanup.sh ${id}\``);
  const rest = ids.length > commandsMax ? `, and ${ids.length - commandsMax} more alike` : '';
  return warn(
    `${saw}, ${stuck.length} of them for more than 5 minutes`,
    `See what holds them: ${commands.join(', ')}${rest}.`,
  );
}
