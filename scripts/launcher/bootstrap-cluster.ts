/** Brings what the cluster needs on this machine (Debian packages, Go) by the project's own bootstrap script. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectFolder } from './places.ts';

/**
 * Puts what was installed on this process' PATH.
 * @throws Error where a package cannot be installed; the script's own lines on stderr say which
 */
export async function bootstrapCluster(signal: AbortSignal): Promise<void> {
  const script = `. "$1" && bootstrap cluster && printf %s "$PATH"`;
  const child = spawn('bash', ['-c', script, 'bash', join(projectFolder, 'scripts', 'bootstrap.sh')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const ended = once(child, 'close');
  const [path, [code]] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error('what the cluster needs could not be installed: see the lines above');
  process.env['PATH'] = path;
}
