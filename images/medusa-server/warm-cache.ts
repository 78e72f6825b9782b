/**
 * Loads what server and setup load, so that Node writes the compiled code to NODE_COMPILE_CACHE. Routes and modules are
 * loaded by file name when Medusa starts, so they are walked here.
 *
 *   NODE_COMPILE_CACHE=<folder> NODE_COMPILE_CACHE_PORTABLE=1 node warm-cache.ts <project>
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const project = process.argv[2];
if (project === undefined) throw new Error('usage: node warm-cache.ts <project>');
process.chdir(project);
const require = createRequire(join(project, 'package.json'));

for (const entry of ['commands/start', 'commands/db/migrate', 'core-flows']) require(`@medusajs/medusa/${entry}`);
const medusa = join(project, 'node_modules/@medusajs/medusa/dist');
for (const folder of ['policies', 'modules', 'api']) loadAll(join(medusa, folder));
// Some of what was loaded keeps timers.
process.exit(0);

function loadAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    try {
      require(join(entry.parentPath, entry.name));
    } catch (error) {
      // A module whose own optional parts are not installed would not be loaded by a shop either.
      process.stderr.write(
        `not in the compile cache: ${entry.name}: ${error instanceof Error ? error.message.split('\n')[0] : ''}\n`,
      );
    }
  }
}
