/** Brings what the cluster needs on this machine (Debian packages, Go) by the project's own bootstrap script. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectFolder } from './places.ts';

/**
 * Puts what was installed on this process' PATH. An abort interrupts the script and waits until its last child has ended:
 * a package manager that goes on after "Stopped" would be in the way of the next start.
 *
 * @throws Error where a package cannot be installed (the script's own lines on stderr say which), the abort reason
 */
export async function bootstrapCluster(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const script = `. "$1" && bootstrap cluster && printf %s "$PATH"`;
  const child = spawn('bash', ['-c', script, 'bash', join(projectFolder, 'scripts', 'bootstrap.sh')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    // The pipe closes when the last descendant has closed it.
    const [path, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    signal.throwIfAborted();
    if (code !== 0) throw new Error('what the cluster needs could not be installed: see the lines above');
    process.env['PATH'] = path;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
