/** A whole Urumi on a disk of its own, for as long as something is measured. */
import { startTestPlatform, type TestPlatform } from '../../e2e/support/platform.ts';
import { useOwnDisk } from './own-disk.ts';

/** WooCommerce is offered where the environment names an archive. Nothing is left at the end. */
export async function withPlatform(work: (t: TestPlatform) => Promise<void>): Promise<void> {
  const disk = await useOwnDisk();
  try {
    const t = await startTestPlatform(process.env);
    try {
      await work(t);
    } finally {
      await t.stop();
    }
  } finally {
    await disk.remove();
  }
}
