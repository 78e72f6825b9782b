/** The `embedded` command: one cluster on this machine, for a person or a script. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from './base/wait.ts';
import { BINARY_GROUPS } from './binaries/catalog.ts';
import { supplyBinaries } from './binaries/supply.ts';
import { type Command, parseCommand, USAGE } from './cli/arguments.ts';
import { buildLines, progressLines } from './cli/progress-lines.ts';
import { down } from './cluster/down.ts';
import { findCluster } from './cluster/find.ts';
import { hasRealNode, OptionError } from './cluster/options.ts';
import { readStatus } from './cluster/status.ts';
import { attach, up } from './cluster/up.ts';
import { sweep } from './sweep/sweep.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort(new Error(`stopped by ${name}`)));
}

// The reader of our output has gone (`embedded status | head -1`): nothing is left to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await run(parseCommand(process.argv.slice(2)), interrupted.signal);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}

async function run(command: Command, signal: AbortSignal): Promise<void> {
  switch (command.kind) {
    case 'help':
      write(USAGE.trimEnd());
      return;
    case 'build': {
      const onProgress = buildLines(write, () => performance.now());
      const supply = await supplyBinaries({ nodes: null, linkDir: command.linkDir, onProgress, signal });
      for (const group of BINARY_GROUPS) {
        for (const binary of Object.keys(group.packages)) write(await supply.path(group.name, binary));
      }
      return;
    }
    case 'up': {
      const startedAt = performance.now();
      const onProgress = progressLines(write, () => performance.now());
      const cluster = await up(command.request, { signal, onProgress });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const ingress = hasRealNode(cluster.nodes) ? `ingress http://127.0.0.1:${cluster.ingress.port}` : 'no ingress';
      write(`cluster "${cluster.name}" runs (${seconds} s): API ${cluster.apiUrl}, ${ingress}`);
      write(`KUBECONFIG=${cluster.kubeconfig}`);
      return;
    }
    case 'down':
      write((await down(command.request, { signal })) ? 'stopped' : 'it was not running');
      return;
    case 'status':
      await printStatus(command);
      return;
    case 'kubeconfig':
      write(findCluster(command.request).paths.kubeconfig);
      return;
    case 'load-image': {
      const cluster = await attach(command.request, { signal });
      if (cluster === null) throw new OptionError(`cluster "${command.request.name}" does not run`);
      for (const tar of command.tars) {
        const image = await cluster.loadImage(tar, signal);
        write(`${image.references.join(', ')}: ${image.isNew ? 'loaded' : 'was there'} (${image.id})`);
      }
      return;
    }
    case 'logs':
      await printLog(command);
      return;
    case 'sweep': {
      const found = findCluster(command.request);
      if (found.other !== null) {
        throw new OptionError(
          `cluster "${found.options.name}" of this machine has the state ${found.other.options.stateDir}: nothing was swept`,
        );
      }
      if (found.supervisor !== null)
        throw new OptionError(`cluster "${found.options.name}" runs: "embedded down" stops it`);
      await sweep(found.paths);
      return;
    }
    default:
      command satisfies never;
  }
}

async function printStatus(command: Extract<Command, { kind: 'status' }>): Promise<void> {
  const status = await readStatus(command.request);
  if (command.isJson) {
    write(JSON.stringify(status, null, 2));
    return;
  }
  write(`cluster "${status.name}": ${status.phase}, ${status.nodes} nodes`);
  write(`state    ${status.stateDir}`);
  if (status.state === null) return;
  write(`API      ${status.apiUrl}`);
  if (status.ingressUrl !== null) write(`ingress  ${status.ingressUrl}`);
  for (const { name, pid, restarts } of status.state.components) {
    write(
      `  ${name.padEnd(24)} ${pid === null ? 'not running' : `pid ${pid}`}${restarts > 0 ? `, restarted ${restarts} times` : ''}`,
    );
  }
}

async function printLog(command: Extract<Command, { kind: 'logs' }>): Promise<void> {
  const { paths } = findCluster(command.request);
  const file = join(paths.logsDir, `${command.component}.log`);
  if (!existsSync(file)) throw new OptionError(`there is no log of "${command.component}" in ${paths.logsDir}`);
  const args = ['-n', '200', ...(command.isFollowed ? ['-F'] : []), file];
  const child = spawn('tail', args, { stdio: 'inherit' });
  await new Promise((resolve) => child.once('close', resolve));
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
