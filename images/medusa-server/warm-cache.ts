/**
 * Loads what server and setup load, so that Node writes the compiled code to NODE_COMPILE_CACHE, and notes where each
 * module found the others (urumi/resolved.ts reads it). Routes and modules are loaded by file name when Medusa starts,
 * so they are walked here.
 *
 *   NODE_COMPILE_CACHE=<folder> NODE_COMPILE_CACHE_PORTABLE=1 node warm-cache.ts <project>
 */
import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';

type Loader = {
  _resolveFilename: (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;
};

const argument = process.argv[2];
if (argument === undefined) throw new Error('usage: node warm-cache.ts <project>');
const project = realpathSync(argument);
process.chdir(project);
const require = createRequire(join(project, 'package.json'));

const files: string[] = [];
const asked: Record<string, Record<string, number>> = {};
noteResolutions();

for (const entry of ['commands/start', 'commands/db/migrate', 'core-flows']) require(`@medusajs/medusa/${entry}`);
const medusa = join(project, 'node_modules/@medusajs/medusa/dist');
for (const folder of ['policies', 'modules', 'subscribers', 'api']) loadAll(join(medusa, folder));
for (const name of ['pg', 'scrypt-kdf']) require(name);
writeFileSync(join(project, 'resolved.json'), JSON.stringify({ files, asked }));
// Some of what was loaded keeps timers.
process.exit(0);

/** Answers depend on the asking folder only: symbolic links and conditions by module kind do not occur in here. */
function noteResolutions(): void {
  const loader = require('node:module') as Loader;
  const original = loader._resolveFilename;
  const numbers = new Map<string, number>();
  loader._resolveFilename = function (request, parent, ...rest): string {
    const file = original.call(this, request, parent, ...rest);
    const from = parent?.filename;
    if (from?.startsWith(project) && isAbsolute(file) && file.startsWith(project) && rest[1] === undefined) {
      const name = file.slice(project.length);
      let number = numbers.get(name);
      if (number === undefined) {
        number = files.push(name) - 1;
        numbers.set(name, number);
      }
      (asked[dirname(from).slice(project.length)] ??= {})[request] = number;
    }
    return file;
  };
}

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
