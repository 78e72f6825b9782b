/** Ports on loopback. */
import { isPortFree } from '@urumi/shared/server/ops/free-port';

/**
 * @param wanted  ports, each with the option that chooses another
 * @throws Error that names the port and the option
 */
export async function assertPortsFree(wanted: readonly (readonly [port: number, option: string])[]): Promise<void> {
  for (const [port, option] of wanted) {
    if (await isPortFree(port)) continue;
    throw new Error(`port ${port} is in use on this machine. Free it, or choose another with ${option}`);
  }
}
