/**
 * Whose a cluster is, without bringing one up: what an installation must not touch of another, and what a start that
 * ends early must not leave. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readIdentity } from '../src/base/process-identity.ts';
import { runCommand } from '../src/base/run-command.ts';
import { sleep } from '../src/base/wait.ts';
import { down } from '../src/cluster/down.ts';
import { OptionError, resolveOptions } from '../src/cluster/options.ts';
import { buildPaths } from '../src/cluster/paths.ts';
import { claimStateFolder, removeStateFolder } from '../src/cluster/state-folder.ts';
import { readStatus } from '../src/cluster/status.ts';
import { attach, up } from '../src/cluster/up.ts';
import { readMounts } from '../src/sweep/mounts.ts';
import { findTraces } from '../src/testing/traces.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'urumi-ownership-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a cluster of another installation', () => {
  const theirs = resolveOptions({ name: 'spec-k', stateDir: '/nonexistent/theirs', apiPort: 0, ingressPort: 0 });
  const paths = buildPaths(theirs.name, theirs.stateDir);
  const mine = () => ({ name: 'spec-k', stateDir: join(dir, 'mine'), apiPort: 0, ingressPort: 0 });
  let supervisor: ChildProcess;

  beforeEach(() => {
    supervisor = spawn('sleep', ['60']);
    mkdirSync(paths.runDir, { recursive: true });
    writeFileSync(paths.supervisorFile, JSON.stringify({ ...readIdentity(supervisor.pid ?? 0), options: theirs }));
  });
  afterEach(() => {
    supervisor.kill('SIGKILL');
    rmSync(paths.runDir, { recursive: true, force: true });
  });

  it('is not stopped, swept, joined or shown as ours', async () => {
    expect(await down(mine())).toBe(false);
    expect(await down({ name: 'spec-k', storage: 'memory' })).toBe(false);
    expect(await attach(mine())).toBeNull();
    expect(await readStatus(mine())).toMatchObject({ phase: 'stopped', stateDir: join(dir, 'mine') });
    expect(existsSync(paths.supervisorFile)).toBe(true);
    expect(readIdentity(supervisor.pid ?? 0)).not.toBeNull();
  });

  it.each([true, false])('stands in the way of ours, with fresh: %s', async (fresh) => {
    const options = resolveOptions(mine());
    claimStateFolder(buildPaths(options.name, options.stateDir), options);
    await expect(up({ ...mine(), fresh })).rejects.toThrow(OptionError);
    expect(existsSync(options.stateDir)).toBe(true);
    expect(readIdentity(supervisor.pid ?? 0)).not.toBeNull();
  });

  it('is stopped by whoever names no folder', async () => {
    expect(await down({ name: 'spec-k' })).toBe(true);
    expect(readIdentity(supervisor.pid ?? 0)).toBeNull();
    expect(findTraces('spec-k')).toEqual([]);
  });
});

describe('a start', () => {
  it('leaves no supervisor when it is aborted before that answers', async () => {
    const abort = new AbortController();
    const request = { name: 'spec-l', storage: 'memory' as const, apiPort: 0, ingressPort: 0 };
    const outcome = up(request, { signal: abort.signal }).catch((error: unknown) => error);
    while (!existsSync('/dev/shm/urumi-spec-l/logs/supervisor.log')) await sleep(1);
    abort.abort(new Error('enough'));
    expect(await outcome).toMatchObject({ message: 'enough' });
    expect(findTraces('spec-l')).toEqual([]);
    await sleep(500);
    expect(findTraces('spec-l')).toEqual([]);
  });
});

describe('removal of a state folder', () => {
  it("takes the cluster's own mounts away first, and refuses another's", async () => {
    const options = resolveOptions({ name: 'spec-m', stateDir: join(dir, 'state') });
    const paths = buildPaths(options.name, options.stateDir);
    claimStateFolder(paths, options);
    const volume = join(paths.volumesDir, 'claim');
    const pod = join(paths.kubeletRoot, 'pods', '1', 'volumes', 'claim');
    const disk = join(paths.volumesDir, 'disk');
    for (const folder of [volume, pod, disk]) mkdirSync(folder, { recursive: true });
    await runCommand('mount', ['--bind', volume, pod]);
    await runCommand('mount', ['-t', 'tmpfs', 'tmpfs', disk]);
    await expect(removeStateFolder(paths)).rejects.toThrow(`${disk} is still mounted`);
    await runCommand('umount', [disk]);
    // Held open, as by a process that is just going.
    const holder = spawn('sleep', ['60'], { cwd: pod });
    await runCommand('mount', ['--bind', volume, pod]);
    await removeStateFolder(paths);
    holder.kill('SIGKILL');
    expect(existsSync(paths.stateDir)).toBe(false);
    expect(readMounts().filter((mount) => mount.path.startsWith(dir))).toEqual([]);
  });
});
