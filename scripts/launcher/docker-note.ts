/** Says that k3d is not used yet where a Docker engine could run it. Never waits: the cluster starts meanwhile. */
import { execFile } from 'node:child_process';

const patienceMs = 5_000;

export function sayIfDockerAnswers(say: (line: string) => void): void {
  execFile('docker', ['info'], { timeout: patienceMs }, (error) => {
    if (error === null)
      say('Docker answers here. A cluster by k3d comes with a later release; the embedded cluster is used.');
  });
}
