/**
 * Shows what the reconciler found that nobody owns, and removes it where an administrator says so. Without `--remove` it
 * changes nothing. Uses `REDIS_URL` (else the Redis of the launcher's installation) and, for namespaces, the kubectl and the
 * credentials of whoever runs it: the platform itself may not do this.
 *
 *   node scripts/orphans.ts [--remove] [--quarantine-hours 24]
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { parseArgs, promisify } from 'node:util';
import { openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { removeOpenJob } from '@urumi/shared/server/queue/job-list';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { removeOrphan, writeAdminLog } from '@urumi/shared/server/store/orphan-removal';
import { readOrphans, type SeenOrphan } from '@urumi/shared/server/store/orphans';
import { buildPlaces, findStateFolder } from './launcher/places.ts';

const hourMs = 3_600_000;
const redisTimeoutMs = 5_000;
const kubectlTimeoutMs = 20_000;

const { values: options } = parseArgs({
  options: {
    remove: { type: 'boolean', default: false },
    'quarantine-hours': { type: 'string', default: '24' },
  },
});
const quarantineMs = Number(options['quarantine-hours']) * hourMs;
if (!(quarantineMs >= 0)) throw new Error('--quarantine-hours needs a number of hours');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const actor = `administrator ${userInfo().username}`;
const redis = connectFailFast(process.env['REDIS_URL'] ?? (await readLauncherUrl()));
const queue = openStoreQueue(redis);
const person = createInterface({ input: process.stdin });
// Read line by line: answers that come through a pipe must not be lost between two questions.
const answers = person[Symbol.asyncIterator]();
try {
  await waitUntilReady(redis, redisTimeoutMs);
  await run();
} finally {
  person.close();
  await queue.close();
  redis.disconnect();
}

async function run(): Promise<void> {
  const { orphans, now } = await readOrphans(redis);
  if (orphans.length === 0) return say('Nothing is without an owner.');
  for (const orphan of orphans) {
    const hours = (now - orphan.firstSeenAt) / hourMs;
    say(`${orphan.kind} ${orphan.name}: ${orphan.why}; seen since ${hours.toFixed(1)} h`);
    if (!options.remove) continue;
    if (now - orphan.firstSeenAt < quarantineMs) say(`  kept: younger than ${options['quarantine-hours']} h`);
    else say(`  ${await removeAsked(orphan)}`);
  }
  if (!options.remove) say('\nNothing was changed. With --remove each is asked for.');
}

async function removeAsked(orphan: SeenOrphan): Promise<string> {
  if (orphan.kind === 'namespace') return removeNamespace(orphan.name);
  if ((await ask(`  Remove this ${orphan.kind}? [y/N] `)) !== 'y') return 'kept';
  return removeOrphan({ ...orphan, kind: orphan.kind }, { redis, actor, removeJob: (id) => removeOpenJob(queue, id) });
}

/** All data in it is lost, so its name has to be typed. The uid keeps a namespace made anew meanwhile from going too. */
async function removeNamespace(name: string): Promise<string> {
  const uid = await kubectl(['get', 'namespace', name, '-o', 'jsonpath={.metadata.uid}']);
  if (uid === null) return 'kept: kubectl does not find it';
  if ((await ask(`  This deletes everything in it, data too. Type ${name} to go on: `)) !== name) return 'kept';
  const { orphans } = await readOrphans(redis);
  if (!orphans.some((each) => each.kind === 'namespace' && each.name === name)) return 'kept: it has an owner again';
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } });
  const answer = await kubectl(['delete', '--raw', `/api/v1/namespaces/${name}`, '-f', '-'], body);
  if (answer === null) return 'kept: the cluster refused, see above';
  await writeAdminLog(redis, { actor, did: 'removed', what: `namespace ${name}` });
  return 'removed: the cluster is deleting it';
}

/** @returns its output, `null` where it failed */
async function kubectl(args: readonly string[], input = ''): Promise<string | null> {
  const child = promisify(execFile)('kubectl', args, { timeout: kubectlTimeoutMs });
  // It may end without reading; its exit code says whether that was a failure.
  child.child.stdin?.on('error', () => undefined).end(input);
  try {
    return (await child).stdout;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

async function ask(question: string): Promise<string> {
  process.stdout.write(question);
  const { value, done } = await answers.next();
  return done === true ? '' : value.trim();
}

/** @throws Error where there is no installation of the launcher either */
async function readLauncherUrl(): Promise<string> {
  const { redisConfig } = buildPlaces(findStateFolder());
  const text = await readFile(redisConfig, 'utf8').catch((cause: unknown) => {
    throw new Error('set REDIS_URL: no installation of start.sh was found', { cause });
  });
  const read = (name: string): string => new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? '';
  return `redis://:${encodeURIComponent(read('requirepass'))}@127.0.0.1:${read('port')}`;
}
